-- Whether a custom check that fails counts towards a failover (D9): it did not.
update catalogue.health_monitor
set config = config || '{"customCheckCounts": false}'
where config -> 'customCheckCounts' is null and config is not null;
