/**
 * The shell program that stands between pgtop and its throw-away server, in a session of its own, so that no Ctrl-C,
 * Ctrl-Z or hang-up of the terminal reaches the server. It reads orders from a pipe that only pgtop holds open. When
 * the pipe ends, for whatever reason pgtop ended, it shuts the server down and removes the folder.
 *
 * Arguments: the server folder, the programs' folder, the text for postgresql.conf, then initdb's arguments.
 * Orders, one a line: `up`, and `fast`, `immediate` or `crash` to take the server down. It says `ended` when the
 * server, or its making, has ended.
 *
 * Signals go to the whole process group, whose members are this shell, which ignores them, and initdb or the
 * postmaster: no pid is remembered that could have become somebody else's.
 */
export const SUPERVISOR_SCRIPT = `
folder=$1 programs=$2 settings=$3
shift 3
trap '' INT QUIT
trap finish HUP TERM

create() {
  "$programs/initdb" "$@" && printf '%s' "$settings" >>"$folder/data/postgresql.conf" && run
}
run() {
  "$programs/postgres" -D "$folder/data"
}
up() {
  rm -f "$folder/ended"
  ( "$@" </dev/null >>"$folder/log" 2>&1; : >"$folder/ended"; echo ended ) &
}
finish() {
  trap '' HUP TERM
  turn=0
  kill -INT 0
  # Again and again: a server that is just starting does not listen yet; one that hangs is not asked so kindly.
  while [ -d "$folder" ] && [ ! -e "$folder/ended" ]; do
    if [ "$turn" -lt 20 ]; then kill -INT 0; else kill -QUIT 0; fi
    turn=$((turn + 1))
    sleep 0.03
  done
  # For a server whose folder somebody removed.
  kill -QUIT 0
  turn=0
  until rm -rf "$folder" || [ "$turn" -gt 50 ]; do
    turn=$((turn + 1))
    sleep 0.05
  done
  exit 0
}

up create "$@"
while read -r order; do
  case $order in
    up) up run ;;
    fast) kill -INT 0 ;;
    immediate) kill -QUIT 0 ;;
    crash) kill -KILL "$(head -n 1 "$folder/data/postmaster.pid")" ;;
  esac
done
finish
`;
