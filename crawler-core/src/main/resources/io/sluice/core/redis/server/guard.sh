# The guardian of an embedded redis-server: it lives as long as the pipe on its standard input,
# whose other end is the process that owns the crawl. When that process closes the pipe or dies,
# however it dies, the guardian stops redis-server and ends: with 0, or with 3 if it had to kill it.
# If the server does not start it ends with the server's status, or the shell's, such as 126.
#
# usage: guard.sh PROGRAM CONFIG PIDFILE SECONDS; tells the server's process id in one line
# SECONDS is how long the server may take to end. A line on standard input says otherwise: an owner
# that stops in order has more time than one that died.
#
# redis-server makes itself a daemon, so that a terminal's Ctrl-C reaches neither it nor us. What is
# ignored here is ignored by the server as well, unless it has a use for it.
trap '' INT HUP TERM PIPE USR1 USR2
PATH=${PATH:-/usr/bin}:/usr/bin:/bin # sleep and readlink, whatever the environment says
program=$1 config=$2 pidfile=$3 patience=$4
"$program" "$config" >/dev/null 2>&1 || exit $?
tries=0
while [ ! -s "$pidfile" ]; do
  if [ $tries -ge 500 ]; then exit 1; fi
  sleep 0.02
  tries=$((tries + 1))
done
read -r pid <"$pidfile" || exit 1 # now: the directory may be gone when the owner is
real=$(readlink "/proc/$pid/exe" 2>/dev/null) # now: later it may be somebody else's number
echo "$pid" # the owner waits for this line
while read -r line; do patience=$line; done
# Whether that number is still the server: not somebody else by now, another crawl's server for one,
# and not a dead one that its parent has yet to bury.
runs() {
  kill -0 "$pid" 2>/dev/null || return 1
  [ -d /proc/self ] || return 0
  exe=$(readlink "/proc/$pid/exe") || return 1
  [ "$exe" = "$real" ] || [ "$exe" = "$real (deleted)" ]
}
runs || exit 0
kill -TERM "$pid" 2>/dev/null || exit 0
kill -CONT "$pid" 2>/dev/null # one that is paused hears nothing else
tries=0
while runs; do
  if [ $tries -ge $((patience * 20)) ]; then kill -KILL "$pid" 2>/dev/null; exit 3; fi
  sleep 0.05
  tries=$((tries + 1))
done
