-- What was agreed on when the instance ceased to archive there; for what is restored from it later.
alter table repository
    add column parameters jsonb not null default '{"values": {}}';
