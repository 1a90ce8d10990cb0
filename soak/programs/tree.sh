# A tree of 20 processes, the kinds that get away from who ends them. Each
# carries the tag as an argument, the sleepers as the fraction of a second.
#
#     tree.sh MODE TAG
#
# polite dies of every signal and leaves its children, stubborn ignores all
# but SIGKILL with its children, late ends a while after the signal, orderly
# ends its own children first.
#
#     tree.sh sub TAG SLEEPERS [COMMAND...]    a shell with children of its own

mode=$1
tag=$2
nap() { exec sleep "600.$tag"; }

if [ "$mode" = sub ]; then
  count=$3
  shift 3
  while [ "$count" -gt 0 ]; do
    nap &
    count=$((count - 1))
  done
  if [ $# -gt 0 ]; then "$@" & fi
  wait
  exit
fi

case $mode in
  stubborn) trap '' HUP INT TERM ;;
  late) trap 'sleep "0.3$tag"; exit 0' HUP TERM ;;
  orderly) trap 'kill $(jobs -p); exit 0' HUP TERM ;;
esac

# 6 children.
for _ in 1 2 3 4 5 6; do nap & done
# A shell and its 3 children, a chain of 3, a shell with 1: 9.
sh "$0" sub "$tag" 3 &
sh "$0" sub "$tag" 0 sh "$0" sub "$tag" 1 &
sh "$0" sub "$tag" 1 &
# In sessions of their own, and with init as their parent: the mark alone.
for _ in 1 2 3; do (setsid sleep "600.$tag" &) done
# Without the mark: the parent alone.
env -i PATH="$PATH" sleep "600.$tag" &

echo READY
while :; do wait; sleep "0.2$tag"; done
