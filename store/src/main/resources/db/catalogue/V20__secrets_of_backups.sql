-- When the secrets of a repository were last given to its hosts: what is written later is given to
-- them by itself.
alter table repository add column secrets_at timestamptz not null default now();
