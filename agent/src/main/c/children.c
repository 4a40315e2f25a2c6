/*
 * Loaded into the postmaster: each process that it forks dies with it, at once. Postgres itself notices a dead
 * postmaster only when it next waits for a client, so a backend in the midst of a statement would still commit and
 * acknowledge it, with nobody left to end it (S3: a guard that is killed takes everything along).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static pid_t postmaster;

static void in_child(void)
{
    pid_t parent = postmaster;
    postmaster = 0; /* what this child forks is its own affair */
    if (parent == 0) return;
    /* The check closes the race with a postmaster that died before the prctl. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(EXIT_FAILURE);
}

__attribute__((constructor)) static void load(void)
{
    unsetenv("LD_PRELOAD"); /* archive commands and the like are not ours */
    postmaster = getpid();
    pthread_atfork(NULL, NULL, in_child);
}
