-- A server that hears fewer hosts than another one leaves the work to that.
alter table monitor_server
    -- For people: process and machine.
    add column name        text    not null default '',
    add column hosts_heard int     not null default 0,
    -- It watches nothing, renews no lease and runs no operation.
    add column stands_back boolean not null default false;
