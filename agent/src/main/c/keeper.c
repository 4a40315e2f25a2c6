/*
 * The agent is kept alive by the guards of its host (S3): a lease is renewed by it alone, so one that is dead or
 * frozen is started again at once.
 *
 * It is dead when nobody has its lock, which the kernel lets go of with its process. It is frozen when its beat
 * stands still while we are awake: our own looks are counted, so a pause of the whole machine is none. It has to be
 * started when it has left its command line; it takes that away when it is told to end, and so stays ended.
 *
 * Each guard looks. Who starts it has the keeper's lock, and leaves that to the new agent, for as long as it lives.
 */
#define _GNU_SOURCE
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LONGEST_LOOK_MS = 300,     /* what we were not awake for does not count */
    FROZEN_MS = 2000,          /* twenty to forty missed beats */
    NOT_STARTED_MS = 120000,   /* of one that has never beaten */
    LONGEST_PAUSE_MS = 30000,  /* between vain starts */
    MOST_WAITS = 500,          /* of 10 ms, for the end of one that was killed */
    MOST_WORDS = 256,
    COMMAND_SIZE = 65536
};

static int64_t last_look, pause_until, pause_ms, still_ms, last_beat;
static pid_t watched;
static int has_beaten;
static const int64_t *beat;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int in_host(const struct keeper *keeper, const char *name, int flags)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", keeper->host, name) >= (int)sizeof path) return -1;
    return open(path, flags | O_CLOEXEC, 0600);
}

/* Who has the agent's lock; 0: nobody. -1: it is not to be known, and not ours to start. */
static pid_t holder(const struct keeper *keeper)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct stat of;
    int file = in_host(keeper, "agent.lock", O_RDWR);
    if (file < 0) return -1;
    /* An agent of another user could not be brought back as what it was. */
    int known = fstat(file, &of) == 0 && of.st_uid == geteuid() && fcntl(file, F_GETLK, &lock) == 0;
    close(file);
    if (!known) return -1;
    return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

static int64_t beat_of(const struct keeper *keeper)
{
    if (!beat) {
        struct stat of;
        int page = open(keeper->beat, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (page < 0) return 0;
        if (fstat(page, &of) == 0 && of.st_size >= 4096) {
            void *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, page, 0);
            if (at != MAP_FAILED) beat = (const int64_t *)at + 2; /* LeasePage.java: the third word */
        }
        close(page);
    }
    return beat ? __atomic_load_n(beat, __ATOMIC_ACQUIRE) : 0;
}

/* The next agent may make itself another one. */
static void forget_page(void)
{
    if (beat) munmap((void *)(uintptr_t)(beat - 2), 4096);
    beat = NULL;
}

static int is_frozen(const struct keeper *keeper, pid_t agent, int64_t slept)
{
    if (agent != watched) forget_page();
    int64_t now = beat_of(keeper);
    if (agent != watched || now != last_beat) {
        has_beaten = agent == watched;
        watched = agent;
        last_beat = now;
        still_ms = 0;
        if (has_beaten) pause_ms = 0;
        return 0;
    }
    still_ms += slept < LONGEST_LOOK_MS ? slept : LONGEST_LOOK_MS;
    return still_ms > (has_beaten ? FROZEN_MS : NOT_STARTED_MS);
}

static int is_to_run(const struct keeper *keeper)
{
    int file = in_host(keeper, "agent.command", O_RDONLY);
    if (file < 0) return 0;
    close(file);
    return 1;
}

/* Words with a zero after each, as in /proc/PID/cmdline. */
static int read_command(const struct keeper *keeper, char *text, char **words)
{
    int file = in_host(keeper, "agent.command", O_RDONLY);
    if (file < 0) return 0;
    ssize_t length = read(file, text, COMMAND_SIZE - 1);
    close(file);
    int count = 0;
    for (ssize_t at = 0; at < length && count < MOST_WORDS - 1; at += (ssize_t)strlen(text + at) + 1) {
        words[count++] = text + at;
    }
    text[length > 0 ? length : 0] = 0;
    words[count] = NULL;
    return count;
}

static void write_pid(const struct keeper *keeper)
{
    int file = open(keeper->pid_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file >= 0) dprintf(file, "%d\n", getpid());
}

/* In the new process, which nobody of us is the parent of. */
static void become_agent(const struct keeper *keeper, int lock, char **words)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    int null = open("/dev/null", O_RDONLY), log = open(keeper->log, O_WRONLY | O_CREAT | O_APPEND, 0640);
    if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(EXIT_FAILURE);
    /* The lock stays with it. */
    if (chdir("/") != 0 || fcntl(lock, F_SETFD, 0) != 0) _exit(EXIT_FAILURE);
    write_pid(keeper);
    /* It tells the server, which tells people: something is wrong with an agent that has to be started again. */
    setenv("TOYGRES_AGENT_REVIVED", "1", 1);
    execv(words[0], words);
    fprintf(stderr, "keeper: %s: %s\n", words[0], strerror(errno));
    _exit(127);
}

static void start(const struct keeper *keeper, int lock, char **words)
{
    /* Not a child of ours, also when its parent ends: ours are killed with the postmaster. */
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    pid_t parent = fork();
    if (parent == 0) {
        if (fork() == 0) become_agent(keeper, lock, words);
        _exit(EXIT_SUCCESS);
    }
    if (parent > 0) waitpid(parent, NULL, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void bring_back(const struct keeper *keeper, int64_t now)
{
    static char text[COMMAND_SIZE];
    static char *words[MOST_WORDS];
    int lock = in_host(keeper, "keeper.lock", O_RDWR | O_CREAT);
    if (lock < 0) return;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0 && holder(keeper) == 0 && read_command(keeper, text, words) > 0) {
        fprintf(stderr, "guard: the agent is dead: it is started again\n");
        start(keeper, lock, words);
        pause_ms = pause_ms == 0 ? 1000 : pause_ms * 2 > LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : pause_ms * 2;
        pause_until = now + pause_ms;
    }
    close(lock);
}

static void kill_frozen(pid_t agent)
{
    fprintf(stderr, "guard: the agent, pid %d, does not move: it is killed\n", agent);
    kill(agent, SIGKILL);
}

void keep_agent(const struct keeper *keeper)
{
    if (!keeper->host) return;
    int64_t now = now_ms(), slept = last_look ? now - last_look : 0;
    last_look = now;
    pid_t agent = holder(keeper);
    if (agent == 0 && now >= pause_until) bring_back(keeper, now);
    if (agent > 0 && is_frozen(keeper, agent, slept) && is_to_run(keeper)) kill_frozen(agent);
}

/*
 * What is frozen for so long that a lease could run out is frozen enough; and who was just killed must not stay
 * away because nobody looks again.
 */
void part_from_agent(const struct keeper *keeper)
{
    if (!keeper->host || !is_to_run(keeper)) return;
    pid_t agent = holder(keeper);
    if (agent > 0 && agent == watched && still_ms > FROZEN_MS / 2) {
        kill_frozen(agent);
        for (int i = 0; i < MOST_WAITS && holder(keeper) == agent; i++) {
            struct timespec moment = {0, 10 * 1000000};
            nanosleep(&moment, NULL);
        }
    }
    if (holder(keeper) == 0) bring_back(keeper, now_ms());
}
