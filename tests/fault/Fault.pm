# Fault.pm - what the fault tests share: a tiny input, an index that holds the half of it, programs run with a time limit.
package Fault;
use strict;
use warnings;
use Exporter 'import';
use File::Temp 'tempdir';
our @EXPORT = qw($B $dir run spew slurp exported make_index);

our $B   = $ENV{B} || 'build';
our $dir = tempdir('weft-fault-XXXXXX', TMPDIR => 1, CLEANUP => 1);

sub spew {
    my ($name, @text) = @_;
    open(my $fh, '>:raw', "$dir/$name") or die "$dir/$name: $!\n";
    print $fh @text;
    close($fh) or die "$dir/$name: $!\n";
    return "$dir/$name";
}

sub slurp {
    my ($name) = @_;
    open(my $fh, '<:raw', "$dir/$name") or return '';
    local $/;
    return scalar(<$fh>) // '';
}

# Run in a shell, with variables for the command alone and 10 s to end: (exit status, standard output, standard error). A status over 127 is a signal.
sub run {
    my ($command, %env) = @_;
    my $set = join ' ', map { "$_='$env{$_}'" } sort keys %env;
    system('timeout', '-k', '1', '10', 'sh', '-c', "exec >'$dir/out' 2>'$dir/err' </dev/null\n$set $command");
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    return ($status, slurp('out'), slurp('err'));
}

# The records of an index, or undef when it cannot be read.
sub exported {
    my ($index) = @_;
    my ($status, $out) = run("$B/weft-indexer export -i '$index'");
    return $status == 0 ? $out : undef;
}

my $old = <<'JSON';
{"type":"article","id":"a1","title":"A bridge is closed","body":"The old bridge is closed for repairs.","author":"Ann","date":"2013-05-03T08:00:00Z","tags":["city"],"lang":"en"}
{"type":"comment","id":"c1","article":"a1","author":"Bob","date":"2013-05-03T09:00:00Z","body":"Which bridge? The one in the old town?"}
JSON
my $new = <<'JSON';
{"type":"comment","id":"c2","article":"a1","parent":"c1","author":"Ann","body":"> Which bridge?\n\nThe stone one."}
{"type":"article","id":"a2","title":"Zweite Br\u00fccke","body":"Eine lange Reihe.","lang":"de"}
JSON

# An index of the old records; and the files old.ndjson, new.ndjson, all.ndjson.
sub make_index {
    my ($index) = @_;
    spew('old.ndjson', $old);
    spew('new.ndjson', $new);
    spew('all.ndjson', $old, $new);
    run("rm -rf '$index'");
    my ($status, undef, $err) = run("$B/weft-indexer build -i '$index' $dir/old.ndjson");
    die "no index: $err" if $status != 0;
    return $index;
}

1;
