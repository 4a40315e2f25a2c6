-- A change of parameters that was cancelled for a failover is tried again by itself.
alter table parameter_change add column made_room boolean not null default false;
