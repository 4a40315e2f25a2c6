-- The tables of durable orchestrations. One row of `operation` is the wish, the lock, the timer and
-- the truth at once; see docs/adr/0002.

-- Fencing tokens: every pick-up of an operation draws a new one; an older one can write nothing.
create sequence durable.token;

-- "Now, and before every timer": first come, first served, and free of the clocks of the servers.
create function durable.at_once() returns timestamptz language sql volatile as
$$ select 'epoch'::timestamptz + (clock_timestamp() - 'epoch'::timestamptz) / 1000 $$;

create table durable.server (
    id uuid primary key,
    started_at timestamptz not null,
    heartbeat_at timestamptz not null
);

create table durable.operation (
    id text primary key,
    type text not null,
    subject text,
    lane text,
    input jsonb not null,
    state text not null check (state in
        ('Pending', 'Running', 'Waiting', 'NeedsDecision', 'Succeeded', 'Failed', 'Cancelled')),
    generation int not null default 0,
    token bigint not null default 0,
    owner uuid,
    -- When a server shall pick it up; null while it runs, waits for a knock only, or is over.
    wake_at timestamptz,
    -- Counts what came from outside (events, cancels, ends of children): a run that parks compares
    -- it with what it saw, in the same update, so that no knock is lost.
    knocks bigint not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    completed_at timestamptz,
    progress double precision not null default 0,
    current_step text,
    words text,
    result jsonb,
    error jsonb,
    failed_steps text[],
    question jsonb,
    question_path text,
    parent_id text,
    -- The parent's step that waits for this one; null for a detached child.
    parent_step text,
    cancel_requested_at timestamptz,
    no_return boolean not null default false,
    revision bigint not null default 0
) with (fillfactor = 80);

create unique index operation_lane on durable.operation (lane)
    where lane is not null and completed_at is null;
create index operation_due on durable.operation (wake_at) where owner is null and wake_at is not null;
create index operation_owned on durable.operation (owner) where owner is not null;
create index operation_newest on durable.operation (created_at, id);
create index operation_subject on durable.operation (subject, created_at) where subject is not null;
create index operation_children on durable.operation (parent_id) where parent_id is not null;

create table durable.step (
    operation_id text not null,
    generation int not null,
    path text not null,
    kind text not null,
    state text not null,
    attempt int not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    due_at timestamptz,
    deadline_at timestamptz,
    alerted boolean not null default false,
    progress double precision,
    words text,
    result jsonb,
    error text,
    primary key (operation_id, generation, path)
);
create index step_deadline on durable.step (deadline_at)
    where deadline_at is not null and ended_at is null and not alerted;

create table durable.event (
    id bigint generated always as identity primary key,
    operation_id text not null,
    kind text not null,
    payload jsonb not null,
    sent_at timestamptz not null,
    consumed_by text
);
create index event_mailbox on durable.event (operation_id, kind, id) where consumed_by is null;
create index event_operation on durable.event (operation_id);
