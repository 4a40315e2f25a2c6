-- What the request under this key has started, written in the transaction that starts it: a repeat
-- finds it though the first answer was never given.

alter table idempotency_key add column operation_id text;
