-- Whose backups these are is gone: a name says no more whose they are, once another has it.
alter table repository
    add column former boolean not null default false,
    add column deleted_at timestamptz;

update repository r set former = true
where not attached and not exists (
    select from instance i where i.id = r.instance_id and i.created_at <= r.created_at);
