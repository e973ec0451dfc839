#!/usr/bin/perl
# full_disk.t - a disk with room for so much and no more: add and build say so, and the old revision stays readable.
use strict;
use warnings;
use lib 'tests/fault';
use Test::More;
use Fault;

my $index = make_index("$dir/index");
my $before = exported($index);
ok(defined $before && $before =~ /"c1"/, 'an index to begin with');

# Enough words that the tables outgrow 300 KiB.
spew('many.ndjson', map {
    my $n = $_;
    qq({"type":"comment","id":"m$n","article":"a1","body":") . join(' ', map { "w${n}x$_" } 1 .. 60) . qq("}\n)
} 1 .. 400);

# ulimit counts blocks of 512 bytes; a file may not grow past it, and SIGXFSZ is ignored so that write() fails instead.
for my $blocks (8, 40, 200, 600) {
    for my $command ("add -i $index $dir/many.ndjson", "build -i $index $dir/all.ndjson $dir/many.ndjson") {
        my ($name) = $command =~ /^(\w+)/;
        my ($status, undef, $err) = run("trap '' XFSZ; ulimit -f $blocks; exec $B/weft-indexer $command");
        is($status, 4, "$name in $blocks blocks: told as damage or trouble with the disk") or diag($err);
        like($err, qr/^weft-indexer: .*File too large/m, "$name in $blocks blocks: says why");
        is(exported($index), $before, "$name in $blocks blocks: the old revision is all there");
    }
}
my ($status, undef, $err) = run("$B/weft-indexer add -i $index $dir/many.ndjson");
is($status, 0, 'with room again it goes on') or diag($err);
like(exported($index) // '', qr/"m400"/, 'and all is in');

# A file system that cannot make a file without a name.
SKIP: {
    my $strace = "strace -f -o /dev/null -P $index -e inject=openat:error=EOPNOTSUPP:when=1";
    skip 'strace cannot trace here', 1 if (run("$strace true"))[0] != 0;
    # LeakSanitizer does not work under ptrace.
    ($status, undef, $err) = run("ASAN_OPTIONS=detect_leaks=0 $strace $B/weft-indexer add -i $index $dir/old.ndjson");
    is($status, 0, 'without O_TMPFILE the spool has a name for a moment') or diag($err);
}
done_testing();
