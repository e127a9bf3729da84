-- A key that was made for a person has the role that this person has now, and ends with the account.
select
    api_key.id, api_key.name, coalesce(account.role, api_key.role) as role, api_key.created_at, api_key.expires_at,
    coalesce(api_key.revoked_at, account.disabled_at) as revoked_at, api_key.account_id
from api_key
left join account on account.id = api_key.account_id
where api_key.key_hash = %(key_hash)s;
