insert into list_attempt (list_id, at, trigger, outcome, detail, version, added, removed, changed)
values (
    %(list_id)s, %(at)s, %(trigger)s, %(outcome)s, %(detail)s, %(version)s, %(added)s, %(removed)s, %(changed)s
);
