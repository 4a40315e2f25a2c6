/*
 * guard: the parent of exactly one Postgres (S3). It outlives the agent that starts it, and ends only
 * when no process of its data directory is left: "the guard is gone" is what "stopped" means.
 *
 *   guard --data DIR --lock FILE --pid-file FILE --state-file FILE --log FILE
 *         [--lease FILE] [--deadline NS]
 *         [--agent DIR --agent-beat FILE --agent-pid-file FILE --agent-log FILE] -- postgres ARGS...
 *   guard --sweep --data DIR          kills what a SIGKILLed guard left behind, returns when it is gone
 *
 * Signals: INT, TERM fast stop; QUIT immediate stop; USR1 kill everything now; USR2 look at the lease now; HUP
 * reload. The launching process returns 0 once the postmaster has been forked, else says why not.
 *
 * The lease. The agent writes a deadline, in nanoseconds of CLOCK_BOOTTIME, into a page that both have
 * mapped; 0 is none. When that time has come, everything is killed at once: S3. The page is in /dev/shm, so that
 * no full or slow disk comes between a renewal and its effect. All waiting is in one place (next_signal).
 */
#define _GNU_SOURCE
#include "keeper.h"

#include <ctype.h>
#include <dirent.h>
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

enum { TEMPORARY_FAILURE = 75, TICK_MS = 1, HEARTBEAT_MS = 200, LEASED_MS = 50, PAGE = 4096 };

/* What guard and agent tell each other; times in ns of CLOCK_BOOTTIME. LeasePage.java has the same layout. */
struct lease {
    int64_t deadline; /* by the agent: the postmaster must not live at this time; 0: no lease */
    int64_t enforced; /* by the guard: the deadline that it last saw */
    int64_t beat;     /* by the guard: it was awake then */
};

static const char *data, *lock_file, *pid_file, *state_file, *log_file, *lease_file;
static int64_t first_deadline;
static struct keeper agent;
static struct lease *lease;
static int64_t fenced_at;
static struct stat data_stat;
static char **command;
static pid_t postmaster;
static pid_t sweeper;
static int sweeper_life = -1; /* it ends with us: that is how the sweeper hears of it */
static int postmaster_status;
static int postmaster_gone;

static void die(const char *what)
{
    fprintf(stderr, "guard: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Goes on while the machine sleeps, and nobody can set it. */
static int64_t boot_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int64_t read_word(const int64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void write_word(int64_t *word, int64_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static struct lease *new_page(const char *file)
{
    int page = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600);
    if (page < 0) return NULL;
    /* Allocated now: where memory lacks, this fails, and not the first write. */
    errno = posix_fallocate(page, 0, PAGE);
    void *at = errno == 0 ? mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0) : MAP_FAILED;
    close(page);
    return at == MAP_FAILED ? NULL : at;
}

/*
 * A new page for each guard: what an earlier agent still has mapped says nothing any more. An agent that runs on
 * while its program is replaced by this one knows of no page, and gives no lease.
 */
static void make_lease(void)
{
    static struct lease nobodys;
    lease = &nobodys;
    if (!lease_file) return;
    if (unlink(lease_file) != 0 && errno != ENOENT) die(lease_file);
    lease = new_page(lease_file);
    if (!lease) die(lease_file);
    write_word(&lease->deadline, first_deadline);
}

static int lease_is_over(void)
{
    int64_t deadline = read_word(&lease->deadline);
    int64_t now = boot_ns();
    write_word(&lease->enforced, deadline);
    write_word(&lease->beat, now);
    return deadline != 0 && now >= deadline;
}

/* Until we look again: not beyond the deadline, rounded up. */
static long patience_ms(void)
{
    int64_t deadline = read_word(&lease->deadline);
    int64_t left = (deadline - boot_ns() + 999999) / 1000000;
    if (deadline == 0) return HEARTBEAT_MS;
    if (left > LEASED_MS) return LEASED_MS;
    return left > 0 ? (long)left : 0;
}

/* A file is either the old or the new one; with durable set also after a power cut. */
static int write_file(const char *path, const char *text, int durable)
{
    char temporary[4096], directory[4096];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary) return -1;
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return -1;
    ssize_t length = (ssize_t)strlen(text);
    int bad = write(file, text, (size_t)length) != length || (durable && fsync(file) != 0);
    if (close(file) != 0 || bad || rename(temporary, path) != 0) return -1;
    if (!durable) return 0;
    snprintf(directory, sizeof directory, "%s", path);
    char *slash = strrchr(directory, '/');
    if (slash) *slash = 0;
    int parent = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0) return -1;
    bad = fsync(parent);
    close(parent);
    return bad;
}

static int write_durably(const char *path, const char *text)
{
    return write_file(path, text, 1);
}

static void record_start(void)
{
    char text[128];
    snprintf(text, sizeof text, "{\"guard\":%d,\"postmaster\":%d,\"startedAtMs\":%lld}\n", getpid(), postmaster,
             now_ms());
    if (write_durably(state_file, text) != 0) fprintf(stderr, "guard: state not written: %s\n", strerror(errno));
}

/* Not durably: a power cut ends everybody anyway, and until we are gone no failover begins. */
static void record_end(void)
{
    char text[256];
    int by_signal = WIFSIGNALED(postmaster_status);
    int length = snprintf(text, sizeof text, "{\"guard\":%d,\"postmaster\":%d,\"endedAtMs\":%lld,\"%s\":%d",
                          getpid(), postmaster, now_ms(), by_signal ? "signal" : "exitCode",
                          by_signal ? WTERMSIG(postmaster_status) : WEXITSTATUS(postmaster_status));
    if (fenced_at) {
        length += snprintf(text + length, sizeof text - (size_t)length, ",\"leaseOverAtNs\":%lld",
                           (long long)fenced_at);
    }
    snprintf(text + length, sizeof text - (size_t)length, "}\n");
    if (write_file(state_file, text, 0) != 0) fprintf(stderr, "guard: state not written: %s\n", strerror(errno));
}

/* Reads state, parent and controlling terminal of a process; the name before them may hold anything. */
static int read_stat(const char *pid, char *state, int *parent, int *terminal)
{
    char path[300], text[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return -1;
    text[length] = 0;
    char *after_name = strrchr(text, ')');
    int group, session;
    return after_name && sscanf(after_name + 1, " %c %d %d %d %d", state, parent, &group, &session, terminal) == 5
               ? 0
               : -1;
}

static int works_in_data(const char *pid)
{
    char path[300];
    struct stat cwd;
    snprintf(path, sizeof path, "/proc/%s/cwd", pid);
    return stat(path, &cwd) == 0 && cwd.st_dev == data_stat.st_dev && cwd.st_ino == data_stat.st_ino;
}

/*
 * Kills every child of ours (as subreaper we get all orphans) and every process that works in the data
 * directory: backends give themselves sessions of their own, so the process group is not enough. Who has a
 * terminal is a person who looks around in there, and is spared. Answers how many are still there.
 */
static int kill_all_once(void)
{
    int left = 0;
    DIR *proc = opendir("/proc");
    if (!proc) die("/proc");
    for (struct dirent *entry; (entry = readdir(proc));) {
        char state;
        int parent, terminal;
        if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) == getpid()) continue;
        if (read_stat(entry->d_name, &state, &parent, &terminal) != 0 || state == 'Z' || state == 'X') continue;
        if (atoi(entry->d_name) == sweeper) continue;
        if (parent != getpid() && (terminal != 0 || !works_in_data(entry->d_name))) continue;
        left++;
        kill(atoi(entry->d_name), SIGKILL);
    }
    closedir(proc);
    return left;
}

static void reap(void)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid == sweeper) sweeper = 0;
        if (pid == postmaster) {
            postmaster_gone = 1;
            postmaster_status = status;
        }
    }
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Returns only when nobody is left: a process that cannot be killed (a dead disk) keeps us waiting. */
static void kill_all(void)
{
    for (;;) {
        reap();
        if (kill_all_once() == 0) break;
        pause_ms(TICK_MS);
    }
    reap();
}

/*
 * Does our last work should we be killed: the postmaster dies with us, but a backend that is busy would finish
 * what it does, and acknowledge it after our lease. It has the lock with us (flock(2): it is the open file's), so
 * no other guard begins before it is done.
 */
static int start_sweeper(void)
{
    int life[2];
    if (pipe2(life, O_CLOEXEC) != 0) return -1;
    pid_t child = fork();
    if (child < 0) {
        close(life[0]);
        close(life[1]);
        return -1;
    }
    if (child == 0) {
        char byte;
        close(life[1]);
        /* Whoever ends our group does not end this one. */
        setsid();
        while (read(life[0], &byte, 1) < 0 && errno == EINTR) continue;
        kill_all();
        _exit(EXIT_SUCCESS);
    }
    close(life[0]);
    if (sweeper_life >= 0) close(sweeper_life);
    sweeper_life = life[1];
    sweeper = child;
    return 0;
}

static void end_sweeper(void)
{
    if (sweeper <= 0) return;
    kill(sweeper, SIGKILL);
    waitpid(sweeper, NULL, 0);
    sweeper = 0;
}

/*
 * Nobody is left, so the pid file of an earlier postmaster is wrong. Postgres itself would believe it for as
 * long as process 1 has not reaped that postmaster, which may take seconds.
 */
static void forget_postmaster(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/postmaster.pid", data);
    if (unlink(path) != 0 && errno != ENOENT) die(path);
}

static void start_postmaster(void)
{
    pid_t guard = getpid();
    postmaster = fork();
    if (postmaster < 0) die("fork");
    if (postmaster > 0) return;
    sigset_t none;
    sigemptyset(&none);
    /* Our death is its death; the check closes the race with a guard that died before the prctl. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != guard) _exit(EXIT_FAILURE);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(command[0], command);
    fprintf(stderr, "guard: %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

static int next_signal(const sigset_t *signals, long ms)
{
    struct timespec limit = {ms / 1000, ms % 1000 * 1000000};
    return sigtimedwait(signals, NULL, &limit);
}

static void forward(int signal_number)
{
    if (!postmaster_gone) kill(postmaster, signal_number);
}

static void watch(const sigset_t *signals)
{
    while (!postmaster_gone) {
        switch (next_signal(signals, patience_ms())) {
        case SIGINT:
        case SIGTERM:
            forward(SIGINT);
            break;
        case SIGQUIT:
            forward(SIGQUIT);
            break;
        case SIGHUP:
            forward(SIGHUP);
            break;
        case SIGUSR1:
            forward(SIGKILL);
            kill_all();
            break;
        default:
            break;
        }
        if (lease_is_over() && !postmaster_gone) {
            fenced_at = boot_ns();
            forward(SIGKILL);
            kill_all();
            /* Not before: the log may be on a disk that hangs. */
            fprintf(stderr, "guard: the lease has run out: everything is killed\n");
        }
        reap();
        /* Where it cannot be had now, at the next look: our end would be that of the postmaster. */
        if (sweeper == 0) (void)start_sweeper();
        keep_agent(&agent);
    }
}

/* The lock is held for as long as we live: one guard per data directory. */
static void take_lock(void)
{
    int lock = open(lock_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) die(lock_file);
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) return;
    fprintf(stderr, "guard: another guard has %s\n", data);
    exit(TEMPORARY_FAILURE);
}

static void redirect_to_log(void)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int log = open(log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (null < 0 || log < 0) die(log_file);
    if (dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) die("dup2");
}

/* In the background, own session; the launcher waits until we write a byte, or takes our exit code. */
static int detach(void)
{
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) != 0) die("pipe");
    pid_t child = fork();
    if (child < 0) die("fork");
    if (child == 0) {
        close(ready[0]);
        if (setsid() < 0) die("setsid");
        return ready[1];
    }
    close(ready[1]);
    char byte;
    if (read(ready[0], &byte, 1) == 1) _exit(EXIT_SUCCESS);
    int status = 0;
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : EXIT_FAILURE);
}

static const char *value(char **arguments, int *at, int count)
{
    if (*at + 1 >= count) {
        fprintf(stderr, "guard: %s needs a value\n", arguments[*at]);
        exit(2);
    }
    return arguments[++*at];
}

static int parse(int count, char **arguments)
{
    int sweep = 0;
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "--data")) data = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--lock")) lock_file = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--pid-file")) pid_file = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--state-file")) state_file = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--log")) log_file = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--lease")) lease_file = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--deadline")) first_deadline = atoll(value(arguments, &i, count));
        else if (!strcmp(arguments[i], "--agent")) agent.host = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--agent-beat")) agent.beat = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--agent-pid-file")) agent.pid_file = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--agent-log")) agent.log = value(arguments, &i, count);
        else if (!strcmp(arguments[i], "--sweep")) sweep = 1;
        else if (!strcmp(arguments[i], "--")) {
            command = arguments + i + 1;
            break;
        } else {
            fprintf(stderr, "guard: unknown option %s\n", arguments[i]);
            exit(2);
        }
    }
    int files = lock_file && pid_file && state_file && log_file;
    if (agent.host && !(agent.beat && agent.pid_file && agent.log)) files = 0;
    if (!data || (!sweep && (!files || !command || !*command))) {
        fprintf(stderr, "usage: guard --data DIR --lock F --pid-file F --state-file F --log F\n"
                        "             [--lease F] [--deadline NS]\n"
                        "             [--agent DIR --agent-beat F --agent-pid-file F --agent-log F] -- COMMAND...\n"
                        "       guard --sweep --data DIR\n");
        exit(2);
    }
    return sweep;
}

int main(int count, char **arguments)
{
    int sweep = parse(count, arguments);
    if (stat(data, &data_stat) != 0) die(data);
    if (sweep) {
        kill_all();
        return EXIT_SUCCESS;
    }
    int ready = detach();
    take_lock();
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) die("prctl");
    kill_all(); /* The lock is ours, so whoever is in there is what a killed guard left behind. */
    forget_postmaster();
    char pid[16];
    snprintf(pid, sizeof pid, "%d\n", getpid());
    make_lease();
    if (write_durably(pid_file, pid) != 0) die(pid_file);
    redirect_to_log();
    if (start_sweeper() != 0) die("sweeper");
    start_postmaster();
    record_start();
    if (write(ready, "", 1) != 1) fprintf(stderr, "guard: the launcher has gone\n");
    close(ready);
    watch(&signals);
    kill_all();
    end_sweeper();
    record_end();
    if (lease_file) unlink(lease_file);
    unlink(pid_file);
    if (fenced_at) part_from_agent(&agent);
    return EXIT_SUCCESS;
}
