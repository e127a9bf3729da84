create temporary table incoming (
    key text not null,
    hash bytea not null,
    body jsonb not null,
    record jsonb not null
) on commit drop;
