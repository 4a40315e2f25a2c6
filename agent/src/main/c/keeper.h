/* Keeps the agent of the host alive (S3); see keeper.c. */
#ifndef KEEPER_H
#define KEEPER_H

struct keeper {
    const char *host;     /* the agent's directory: agent.lock, agent.command, keeper.lock */
    const char *beat;     /* the page where it shows that it is awake */
    const char *pid_file; /* of the agent */
    const char *log;      /* for what it says */
};

/* Looks once; to be called often. Starts the agent again when it is dead, kills it when it is frozen. */
void keep_agent(const struct keeper *keeper);

/* The last look of a guard that ends because nobody has renewed its lease: no other one may be left. */
void part_from_agent(const struct keeper *keeper);

#endif
