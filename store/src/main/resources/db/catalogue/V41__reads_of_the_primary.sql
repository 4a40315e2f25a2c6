-- Whether the primary serves the read-only address when no replica does.
alter table instance add column read_only_fallback boolean not null default true;
