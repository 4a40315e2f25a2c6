-- From when on a schedule promises backups: one that never brought any is told of, too.
alter table backup_schedule add column since timestamptz not null default now();
