#!/usr/bin/perl
# small_disk.t - a build asks for room before it reads and before it writes: it refuses in time, and goes on later.
use strict;
use warnings;
use lib 'tests/fault';
use Test::More;
use Fault;

my $shim = "$B/tests/fault/small_disk.so";
plan skip_all => "no $shim: a sanitizer does not start behind it" if !-f $shim;
$shim = "$ENV{PWD}/$shim" if $shim !~ m{^/};
my $index  = make_index("$dir/index");
my $before = exported($index);

# 3,000 records: 300 bytes of text and 370 of NDJSON each, so that reading needs 1.1 MB and writing 6.8 MB.
sub text { join ' ', map { $_[0] % (1000 + $_) . 'th' } 1 .. 50 }
spew('many.ndjson', map { sprintf qq({"type":"comment","id":"m%04d","article":"b%d","body":"%.297s"}\n), $_, $_ % 500, text($_) } 1 .. 3000);
my $build = "$B/weft-indexer build -i $index $dir/all.ndjson $dir/many.ndjson";

sub build_in {
    my ($kib, $command) = @_;
    return run($command // $build, LD_PRELOAD => $shim, WEFT_FREE_KIB => $kib);
}

my ($status, undef, $err) = build_in(500);
is($status, 4, 'too little room to read: trouble with the disk');
like($err, qr/needs about [12] MB in '\Q$index\E', which has 0 MB: .*--no-space-check/, 'it says what it needs and what there is');
ok(!-e "$index/build", 'nothing is begun');
is(exported($index), $before, 'the index is as it was');

($status, undef, $err) = build_in(4000);
is($status, 4, 'room to read, too little to write');
like($err, qr/needs about [78] MB in '\Q$index\E', which has 4 MB/, 'it says so');
ok(-e "$index/build/checkpoint.json", 'what was read is kept');
ok(!-e "$index/build/made", 'nothing is written');
is(exported($index), $before, 'the index is as it was');

unlink "$dir/other";
rename "$dir/many.ndjson", "$dir/away" or die;
spew('many.ndjson', '');
($status) = build_in(100000);
is($status, 4, 'it is the build that was begun: other files are refused');
rename "$dir/away", "$dir/many.ndjson" or die;
($status, my $out, $err) = build_in(100000);
is($status, 0, 'with room it goes on') or diag($err);
like($out, qr/^read 3004 records/m, 'with what was read');
like(exported($index) // '', qr/"m3000"/, 'and all is in');

($status, undef, $err) = build_in(1, "$build --no-space-check");
is($status, 0, '--no-space-check') or diag($err);
($status, undef, $err) = build_in(1, "$B/weft-indexer build -i $index --from-index");
is($status, 4, 'from the index the disk is asked too');
($status, undef, $err) = build_in(1, "$B/weft-indexer build -i $index --no-space-check --from-index");
is($status, 0, 'and not when it is not to be') or diag($err);
($status, undef, $err) = build_in(0, "$B/weft-indexer build -i $index - <$dir/all.ndjson");
is($status, 4, 'of a pipe the room is known after reading');
like($err, qr/needs about 1 MB/, 'it says so');
done_testing();
