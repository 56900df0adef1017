SELECT pid, usename, datname, state, wait_event, now() - xact_start AS age, left(query, 120)
  FROM pg_stat_activity ORDER BY xact_start LIMIT 55 \watch 1
