#!/usr/bin/perl
# weft-indexer add --follow: a growing file, rotation, a pipe; when it commits, what it tells, and how it ends.
use strict;
use warnings;
use lib 'tests/cli';
use Follow;
use POSIX 'mkfifo';
use Test::More;

$SIG{PIPE} = 'IGNORE';
my $i = "$dir/i";
my $article = qq({"type":"article","id":"a1","title":"Bridge"}\n);
my $bad     = qq({"type":"comment","id":"c0"}\n);

# The ids of an index, in the order of the export.
sub ids {
    my (undef, $out) = run('export', '-i', $_[0] // $i);
    return join ' ', $out =~ /"id":"([^"]+)"/g;
}

sub counts { return join ' ', map { "$_=$_[0]{$_}" } grep { $_[0]{$_} } qw(records added changed same deleted older superseded refused) }

# A file that is not there, then grows.
my $log = "$dir/log.ndjson";
my $f = Follow->start('-i', $i, '--follow', '--commit-every', '2', $log);
$f->wait_said("weft-indexer: $log: is not there yet: waiting for it\n");
append($log, $article, comment('c1', 'one'));
my $c = $f->commit;
is($c->{file}, $log, 'the file is named');
is($c->{offset}, -s $log, 'the offset is that of the next line');
is($c->{line}, 2, 'after two lines');
is($c->{inode}, (stat $log)[1], 'of this very file');
is($c->{revision}, 2, 'with the revision');
is(counts($c), 'records=2 added=2', 'and what became of the records');
is(ids(), 'a1 c1', 'they are in the index by then');

# A line is read when its end is there; refused ones are counted, and the rest goes on.
my $half = comment('c3', 'three');
append($log, comment('c2', 'two'), $bad, $article, substr($half, 0, 20));
my $before = (-s $log) - 20;
$c = $f->commit;
is($c->{offset}, $before, 'half a line is not read');
is($c->{line}, 5, 'lines that were refused count');
is(counts($c), 'records=2 added=1 same=1 refused=1', 'so do they');
append($log, substr($half, 20), comment('c1', 'one more'));
$c = $f->commit;
is($c->{offset}, -s $log, 'it is when its end comes');
is(counts($c), 'records=2 added=1 changed=1', 'as one record');
append($log, comment('c3', 'again'), comment('c3', 'and again'));
is(counts($f->commit), 'records=2 changed=1 superseded=1', 'the later one of an id stands');
append($log, qq({"type":"delete","ref":"comment:c3"}\n), qq({"type":"delete","ref":"comment:c2"}\n));
is(counts($f->commit), 'records=2 deleted=2', 'deletes');
is($f->stop, 0, 'SIGTERM: exit status 0, also after a refused line');
is($f->commit, undef, 'and nothing is told when nothing came');
my (undef, undef, $said) = run('add', '-q', '-i', "$dir/other", $log);
my ($reason) = $said =~ /^(\Qweft-indexer: $log:4: \E.*)$/m;
like($f->said, qr/^\Q$reason\E$/m, 'a line is refused in the same words as without --follow');

# Rotation: by another file under its name, then by cutting it.
$f = Follow->start('-i', $i, '--follow', '--commit-every', '1ms', '--from-offset', -s $log, $log);
append($log, comment('r1', 'before'));
is($f->commits_to(-s $log)->{records}, 1, 'from an offset on');
rename($log, "$log.1") or die "rename: $!\n";
append("$log.1", comment('r2', 'to the old one'), substr(comment('r3', 'its last line'), 0, -1));
append($log, comment('r4', 'to the new one'));
my $sum = $f->commits_to(0);
is($sum->{records}, 2, 'the old file is read to its end, its last line too');
is($sum->{inode}, (stat $log)[1], 'then the new one is told, at its start');
is($sum->{line}, 0, 'with no line of it read');
$sum = $f->commits_to(-s $log);
is($sum->{records}, 1, 'and read');
truncate($log, 0) or die "truncate: $!\n";
is($f->commits_to(0)->{records}, 0, 'a file that is cut is told, at its start');
append($log, comment('r5', 'after'));
is($f->commits_to(-s $log)->{line}, 1, 'and read from there');
$f->stop;
is(ids(), 'a1 c1 r1 r2 r3 r4 r5', 'every record is there');

# A pipe, to its end.
$f = Follow->start('-i', "$dir/pipe", '--follow', '--commit-every', '500ms', '-');
$f->feed(comment('p1', 'one'), substr(comment('p2', 'no end of line'), 0, -1));
$f->end_input;
$sum = $f->commits_to(undef);
is($sum->{records}, 2, 'a pipe: its last line needs no end');
is($f->status, 0, 'and its end is the end');
is(ids("$dir/pipe"), 'p1 p2', 'all of it is there');
$f = Follow->start('-i', "$dir/pipe", '--follow', '--from-offset', length comment('p1', 'one'), '-');
$f->feed(comment('p1', 'one'), comment('p3', 'three'), $bad);
$f->end_input;
$c = $f->commit;
is(counts($c), 'records=1 added=1 refused=1', 'a pipe from an offset on');
is($c->{line}, 3, 'with the lines passed over counted');
is($f->status, 1, 'exit status 1 when a line of a pipe was refused');
$f = Follow->start('-i', "$dir/pipe", '--follow', '-');
$f->end_input;
is($f->commit, undef, 'an empty pipe tells nothing');
is($f->status, 0, 'and is no error');

mkfifo("$dir/fifo", 0600) or die "mkfifo: $!\n";
$f = Follow->start('-i', "$dir/pipe", '--follow', "$dir/fifo");
open(my $fifo, '>', "$dir/fifo") or die "$dir/fifo: $!\n";
print {$fifo} comment('f1', 'by name');
close $fifo;
is(counts($f->commit), 'records=1 added=1', 'a pipe with a name, whose writer comes later');
is($f->status, 0, 'ends when that has gone');

# When it commits: a time without an end of input, a number, the signal's rest.
$f = Follow->start('-i', $i, '--follow', '--commit-every', '20ms', '-');
$f->feed(comment('t1', 'one'));
is(counts($f->commit), 'records=1 added=1', 'after a time');
$f->feed($bad);
is(counts($f->commit), 'refused=1', 'a position is told though nothing was to commit');
$f->signal('INT');
is($f->status, 0, 'SIGINT');
$f = Follow->start('-i', $i, '--follow', '--commit-every', '3', '-');
$f->feed(map { comment("n$_", 'number') } 1 .. 7);
is($f->commit->{records}, 3, "by number: $_") for 'once', 'twice';
$f->feed($bad);
$f->wait_said('standard input:8: ');
is((run('delete', '-i', $i, 'comment:n1'))[0], 0, 'the lock is free while a batch fills');
is($f->stop, 0, 'the seventh, at SIGTERM');
is(counts($f->commit), 'records=1 added=1 refused=1', 'is committed and told');
$f = Follow->start('-i', $i, '--follow', '--commit-every', '3600s', '--commit-every', '1', '-');
$f->feed(comment('b1', 'both'));
is($f->commit->{records}, 1, 'a time and a number: what is reached first');
$f->stop;
is((run('add', '-q', '-i', "$dir/plain", '--commit-every', '2', map { append("$dir/five", comment("q$_", 'five')); () } 1 .. 5))[0], 2,
    'a file is still needed');
is((run('add', '-q', '-i', "$dir/plain", '--commit-every', '2', "$dir/five"))[0], 0, 'without --follow');
is(stats("$dir/plain")->{revision}, 4, 'three commits more than an empty index');

# The limit of a batch holds.
$f = Follow->start('-i', "$dir/many", '--follow', '--commit-every', '3600s', "$dir/many.ndjson");
append("$dir/many.ndjson", join '', map { comment("m$_", 'many') } 1 .. 10_001);
is($f->commit->{records}, 10_000, '10,000 records are a batch');
$f->stop;
is($f->commit->{records}, 1, 'the next one is of another');

# Others write between batches: a delete, a build.
$f = Follow->start('-i', $i, '--follow', '--commit-every', '1', '-');
$f->feed(comment('w1', 'one'));
my $revision = $f->commit->{revision};
is((run('delete', '-i', $i, 'comment:w1'))[0], 0, 'a delete, as soon as the commit is told');
$f->feed(comment('w2', 'two'));
is($f->commit->{revision}, $revision + 2, 'the next batch stands on it');
unlike(ids(), qr/w1/, 'and keeps it');
append("$dir/new", $article);
is((run('build', '-q', '-i', $i, "$dir/new"))[0], 0, 'a build');
$f->feed(comment('w3', 'three'));
$f->commit;
like(ids(), qr/^a1\b.*\bw3$/, 'what comes then is in its generation');

# It waits for the lock, however long; a second signal does not.
my $holder = Follow->start('-i', $i, '-');
wait_for(sub { slurp("$i/lock") eq "$holder->{pid}\n" }, 'the holder');
$f->feed(comment('w4', 'four'));
wait_for(sub { waits_for_lock($f->{pid}) }, 'the follower to wait');
my $g = Follow->start('-i', $i, '--follow', '--commit-every', '1', '-');
$g->feed(comment('w5', 'five'));
wait_for(sub { waits_for_lock($g->{pid}) }, 'another follower to wait');
$_->signal('TERM') for $f, $g;
is(kill(0, $_->{pid}), 1, 'a signal does not end the wait') for $f, $g;
wait_for(sub { !catches_term($g->{pid}) }, 'the first one to be heard');
$g->signal('TERM');
is($g->status, 128 + 15, 'a second one does');
$holder->feed(comment('w6', 'six'));
$holder->end_input;
is($holder->status, 0, 'the holder ends');
is($f->commit->{records}, 1, 'then the batch is written');
is($f->status, 0, 'and the first signal heard');
like(ids(), qr/w3 w4 w6$/, 'both wrote');

# Nobody reads what it tells.
$f = Follow->start('-i', $i, '--follow', '--commit-every', '10', '-');
$f->feed(comment('o1', 'unheard'), $bad);
$f->wait_said('standard input:2: ');
close $f->{out};
is($f->status, 4, 'with its stdout closed it ends');
like($f->said, qr/^weft-indexer: standard output: nobody reads what is committed any more$/m, 'and says so');
like(ids(), qr/\bo1\b/, 'what it had read is committed');

# Mistakes.
append("$dir/page.txt", slurp('corpus/data-centre-heat.txt'));
append("$dir/three", "{}\n\n");
my @mistakes = (
    ["$log $log", "--follow: one FILE, or -; '$log' is one too many"],
    ['', 'add: name at least one FILE, or -'],
    ["--format page $log", '--follow reads only ndjson, not --format page'],
    ["$dir/page.txt", 'looks like page, and --follow reads only ndjson'],
    ["--commit-every 5x $log", "--commit-every: '5x' is neither a time, as 5s or 500ms, nor a number of records"],
    ["--commit-every 10001 $log", "--commit-every: '10001' is not in 1 to 10000 records, 1ms to 3600s"],
    ["--from-offset 1 $dir/three", 'no line begins at byte 1'],
    ["--from-offset 5 $dir/three", '--from-offset 5 is past its end, at 4: it was rotated or cut'],
    ["--from-offset x $log", "--from-offset: 'x' is no number of bytes"],
    ["--from-offset 1 $dir/none", 'is not there, so nothing can begin at byte 1'],
    ["--charset UTF-16 $log", "lines cannot be told in 'UTF-16'"],
    [$dir, 'is a directory'],
);
for my $mistake (@mistakes) {
    my ($status, undef, $err) = run('add', '-i', "$dir/none.i", '--follow', split ' ', $mistake->[0]);
    is($status, 2, "add --follow $mistake->[0]: exit status 2");
    like($err, qr/^weft-indexer: .*\Q$mistake->[1]\E/m, "and why: $mistake->[1]");
}
my ($status, undef, $err) = run('add', '-i', $i, '--from-offset', '0', $log);
is($status, 2, '--from-offset without --follow');
like($err, qr/--from-offset: only with --follow/, 'says so');
system("$B/weft-indexer add -i '$i' --follow - >&- 2>'$dir/err' </dev/null");
is($? >> 8, 2, 'no standard output at all');
like(slurp("$dir/err"), qr/standard output is closed/, 'says so');
done_testing();
