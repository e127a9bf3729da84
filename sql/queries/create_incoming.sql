-- Body and record are null where the list holds this very content already: most of a new version does.
create temporary table incoming (
    key text not null,
    hash bytea not null,
    body jsonb,
    record jsonb
) on commit drop;
