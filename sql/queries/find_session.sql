update session
set last_seen_at = now()
from account
where session.token_hash = %(token_hash)s
    and session.expires_at > now()
    and session.last_seen_at > now() - %(idle)s::interval
    and account.id = session.account_id
    and account.disabled_at is null
returning account.id, account.username, account.role, account.password_hash, account.disabled_at;
