-- What has to be destroyed yet: its host did not answer when the rest of it went. The names of it
-- are held until it is gone, or its host is forgotten.

create table leftover (
    host_id     text not null references host,
    kind        text not null check (kind in ('Member', 'Endpoint')),
    -- of the member; of an endpoint the instance's
    id          text not null,
    instance_id text not null,
    term        bigint not null,
    reason      text not null,
    left_at     timestamptz not null default now(),
    primary key (host_id, kind, id)
);

create index leftover_by_instance on leftover (instance_id);
create index leftover_by_id on leftover (id);
