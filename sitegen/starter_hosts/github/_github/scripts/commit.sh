#!/usr/bin/env bash
# Commits what changed in content/ and pushes it, also when somebody pushed meanwhile.
# Usage: commit.sh MESSAGE
set -euo pipefail

git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
branch=${BRANCH:-main}

git add -A content
if git diff --cached --quiet; then
  echo "nothing new"
  exit 0
fi
git commit -q -m "$1"
for attempt in 1 2 3 4 5; do
  if git push -q origin "HEAD:$branch"; then
    exit 0
  fi
  # Somebody pushed. Where both changed the same lines, theirs stay: the next fetch adds what is missing to them.
  git fetch -q origin "$branch"
  git rebase -q -X ours "origin/$branch" || { git rebase --abort; git reset -q --hard "origin/$branch"; exit 0; }
  sleep "${PAUSE:-$attempt}"
done
echo "could not push" >&2
exit 1
