-- What exists and what is wished. A row's id is the name itself: the name is held for as long as the
-- row is there, and the row goes last.

create table host (
    id                text primary key,
    region            text not null,
    availability_zone text not null,
    agent_host        text not null,
    agent_port        int not null,
    joined_at         timestamptz not null default now(),
    -- What the agent last answered, and when; kept so that every server and every restart knows it.
    last_seen_at      timestamptz,
    reachable         boolean not null default false,
    status            jsonb
);

create table join_ticket (
    hash       bytea primary key,
    expires_at timestamptz not null,
    used_by    text
);

create table instance (
    id                  text primary key,
    state               text not null,
    health              text not null default 'Unknown',
    postgres_major      int not null,
    size                text not null,
    region              text,
    availability_zone   text,
    owner               text not null,
    database            text not null,
    deletion_protection boolean not null default false,
    -- S1: the term and its incumbent change together, by compare-and-set.
    term                bigint not null default 1,
    incumbent           text,
    endpoint_host_id    text references host,
    endpoint_host       text,
    endpoint_read_write int,
    endpoint_read_only  int,
    endpoint_pooled     int,
    ca_certificate      text,
    failure             text,
    created_at          timestamptz not null default now(),
    revision            bigint not null default 1
);

create table member (
    id                text primary key,
    instance_id       text not null references instance on delete cascade,
    host_id           text not null references host,
    address_host      text,
    address_port      int,
    system_identifier text,
    created_at        timestamptz not null default now()
);

create index member_by_instance on member (instance_id);
create index member_by_host on member (host_id);

-- Encrypted with the master key; nothing else in this database holds a secret (D14).
create table secret (
    name       text primary key,
    sealed     bytea not null,
    created_at timestamptz not null default now()
);
