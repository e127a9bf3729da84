update account set disabled_at = coalesce(disabled_at, now()) where lower(username) = lower(%(username)s);
