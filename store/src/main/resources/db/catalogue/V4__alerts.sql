-- What somebody should know of, who is told, and what became of telling them.

create table alert (
    id               bigint generated always as identity primary key,
    -- What it is about: while it is unresolved, raising the same key again is the same alert.
    key              text not null,
    -- Not a reference: an alert outlives the instance.
    instance_id      text,
    severity         text not null check (severity in ('Info', 'Warning', 'Critical')),
    kind             text not null,
    message          text not null,
    evidence         jsonb not null default '{}',
    raised_at        timestamptz not null default now(),
    last_raised_at   timestamptz not null default now(),
    last_notified_at timestamptz not null default now(),
    count            int not null default 1,
    acknowledged_at  timestamptz,
    acknowledged_by  text,
    resolved_at      timestamptz
);

create unique index alert_unresolved on alert (key) where resolved_at is null;
create index alert_by_instance on alert (instance_id, id desc) where instance_id is not null;

create table notification_target (
    name              text primary key,
    kind              text not null check (kind in ('Log', 'Webhook', 'Smtp')),
    minimum_severity  text not null check (minimum_severity in ('Info', 'Warning', 'Critical')),
    -- Without secrets: those are sealed in catalogue.secret under notification/NAME/.
    settings          jsonb not null default '{}',
    -- Attempts in a row that failed; what the last of them said.
    failures          int not null default 0,
    last_error        text,
    last_delivered_at timestamptz
);

create table notification_settings (
    only_one     boolean primary key default true check (only_one),
    repeat_every interval not null default interval '1 hour',
    revision     bigint not null default 1
);

insert into notification_settings default values;
-- Somebody is always told: the server's own log, unless it is taken off the list on purpose.
insert into notification_target (name, kind, minimum_severity) values ('log', 'Log', 'Info');

-- One row for each thing to tell each target: at most one unfinished one per alert and target.
create table notification (
    id         uuid primary key default gen_random_uuid(),
    alert_id   bigint references alert on delete cascade,
    target     text not null references notification_target on delete cascade,
    event      text not null check (event in ('Raised', 'Repeated', 'Resolved', 'Happened', 'Test')),
    created_at timestamptz not null default now(),
    due_at     timestamptz not null default now(),
    attempts   int not null default 0,
    last_error text,
    ended_at   timestamptz,
    outcome    text check (outcome in ('Delivered', 'GaveUp', 'Superseded'))
);

create index notification_due on notification (target, due_at) where ended_at is null;
create index notification_by_target on notification (target, created_at desc);
create index notification_by_alert on notification (alert_id);

-- What one server does for all; whoever holds it renews it, and when he is silent the next one takes it.
create table duty (
    name   text primary key,
    holder uuid not null,
    until  timestamptz not null
);
