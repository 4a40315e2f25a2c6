-- Somebody has fenced it: nothing starts it but whoever unfences it.
alter table catalogue.instance add column fenced boolean not null default false;
