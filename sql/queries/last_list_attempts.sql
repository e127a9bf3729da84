-- For each list: its last attempt, its last change, and how many attempts failed since one got through.
select distinct on (attempt.list_id)
    attempt.list_id, attempt.at, attempt.outcome, attempt.detail,
    change.at as changed_at, change.version as changed_version,
    change.added, change.removed, change.changed,
    (
        select count(*)
        from list_attempt as failed
        where failed.list_id = attempt.list_id
            and failed.outcome in ('failed', 'rejected')
            and failed.id > coalesce(
                (
                    select max(good.id)
                    from list_attempt as good
                    where good.list_id = attempt.list_id and good.outcome in ('loaded', 'unchanged', 'held')
                ),
                0
            )
    ) as failures
from list_attempt as attempt
left join lateral (
    select loaded.at, loaded.version, loaded.added, loaded.removed, loaded.changed
    from list_attempt as loaded
    where loaded.list_id = attempt.list_id and loaded.outcome = 'loaded'
    order by loaded.id desc
    limit 1
) as change on true
order by attempt.list_id, attempt.id desc;
