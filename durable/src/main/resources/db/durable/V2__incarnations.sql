-- Which of those that bore the subject's name an operation is about: a retry long afterwards must not
-- act on another one. Null: nobody bore it then, or nobody tells them apart.
alter table durable.operation add column incarnation text;
