-- S4: a host that is lost can be failed over now, because its lease runs out: so primaries are held to theirs.

alter table instance alter column isolation_policy set default 'Fence';
update instance set isolation_policy = 'Fence';
