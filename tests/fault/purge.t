#!/usr/bin/perl
# purge.t - a purge killed at every call that makes something durable: the index is as it was or as it should become, and the
# same command again ends well, with nothing of the author in answers or journal.
use strict;
use warnings;
use lib 'tests/fault';
use Test::More;
use Fault;

plan skip_all => 'strace cannot trace here' if (run('strace -o /dev/null true'))[0] != 0;

my ($base, $index) = ("$dir/base", "$dir/index");
spew('in.ndjson', <<'END');
{"type":"article","id":"a","title":"Ferry timetable","body":"It sails.","author":"Zoltan Quixley"}
{"type":"comment","id":"c1","article":"a","author":"Zoltan Quixley","body":"The xylophonist was late on the quay."}
{"type":"comment","id":"c2","article":"a","parent":"c1","author":"Ann","body":"> The xylophonist was late on the quay.\n\nAgreed, and wet."}
END
spew('more.ndjson', <<'END');
{"type":"comment","id":"c3","article":"a","author":"Zoltan Quixley","body":"The xylophonist again."}
{"type":"comment","id":"c4","article":"a","parent":"c1","author":"Bob","body":"> The xylophonist was late on the quay.\n\nDry."}
END
for my $command ("build -i $base $dir/in.ndjson", "build -i $base $dir/in.ndjson", "add -i $base $dir/more.ndjson") {
    my ($status, undef, $err) = run("$B/weft-indexer $command");
    die "$command: $err" if $status != 0;
}
is((run("grep -rqiaE 'quixley|xylophonist' $base/journal"))[0], 0, 'the journal has it before');
my $command = "purge -i $index --author 'Zoltan Quixley'";
my $before = exported($base);
run("cp -a $base $index; $B/weft-indexer $command");
my $after = exported($index);
unlike($after, qr/quixley|xylophonist/i, 'a purge that nothing stops');

for my $call (qw(fsync fdatasync rename)) {
    my ($n, @wrong) = (0);
    while (++$n < 100) {
        run("rm -rf $index; cp -a $base $index");
        my ($status) = run("ASAN_OPTIONS=detect_leaks=0 strace -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n $B/weft-indexer $command");
        last if $status < 128;
        my $now = exported($index) // 'nothing';
        push @wrong, "$n: neither as it was nor as it should be" if $now ne $before && $now ne $after;
        ($status, undef, my $err) = run("$B/weft-indexer $command");
        push @wrong, "$n: again: status $status: $err" if $status > 1;
        push @wrong, "$n: another outcome" if (exported($index) // 'nothing') ne $after;
        push @wrong, "$n: the journal has it" if (run("grep -rqiaE 'quixley|xylophonist' $index/journal"))[0] != 1;
        push @wrong, "$n: more than one generation" if (() = glob "$index/gen-*") != 1;
    }
    cmp_ok($n, '>', 1, "a purge calls $call") if $call ne 'fdatasync';
    is_deeply(\@wrong, [], "killed at each of its " . ($n - 1) . " $call");
}
done_testing();
