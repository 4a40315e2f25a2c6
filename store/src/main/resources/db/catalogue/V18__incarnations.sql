-- Names are used again; what was begun for a former bearer must not act on the present one.
alter table instance add column incarnation uuid not null default gen_random_uuid();
alter table member add column incarnation uuid not null default gen_random_uuid();
