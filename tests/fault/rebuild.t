#!/usr/bin/perl
# rebuild.t - build, add, delete and rollback killed at every call that makes something durable: the index is as it was or as
# it should become, and the same command again ends as if nothing had been.
use strict;
use warnings;
use lib 'tests/fault';
use Test::More;
use Fault;

plan skip_all => 'strace cannot trace here' if (run('strace -o /dev/null true'))[0] != 0;

# An index that had a build, additions and deletes, and another build: two generations and a journal.
sub article { my ($n, $more) = @_; return qq({"type":"article","id":"a$n","title":"Ferry number $n","body":"It sails at $n.$more"}\n) }
sub comment { my ($n, $a) = @_; return qq({"type":"comment","id":"c$n","article":"a$a","author":"Ann","body":"Late again, $n times."}\n) }
my $base = "$dir/base";
spew('first.ndjson', (map { article($_, '') } 1 .. 8), map { comment($_, 1 + $_ % 8) } 1 .. 40);
spew('more.ndjson', comment(41, 2), article(3, ' Or later.'), comment(42, 3));
spew('second.ndjson', (map { article($_, $_ == 5 ? ' Never.' : '') } 1 .. 9), map { comment($_, 1 + $_ % 8) } 1 .. 38);
run("rm -rf $base");
for my $command ("build -i $base $dir/first.ndjson", "add -i $base $dir/more.ndjson", "delete -i $base comment:c7", "build -i $base $dir/first.ndjson --replay-since 2020-01-01",
    "add -i $base $dir/more.ndjson")
{
    my ($status, undef, $err) = run("$B/weft-indexer $command");
    die "$command: $err" if $status != 0;
}
spew('late.ndjson', comment(43, 4));
my $index = "$dir/index";

# Kill a command at the Nth call of a kind, for each N there is; then run it again. Both states are the exports allowed.
sub killed_at_each {
    my ($name, $call, $command) = @_;
    my $before = exported($base);
    run("rm -rf $index; cp -a $base $index; $B/weft-indexer $command");
    my $after = exported($index);
    my ($n, @wrong) = (0);
    while (++$n < 200) {
        run("rm -rf $index; cp -a $base $index");
        my ($status) = run("ASAN_OPTIONS=detect_leaks=0 strace -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n $B/weft-indexer $command");
        last if $status < 128;
        my $now = exported($index) // 'nothing';
        push @wrong, "$n: neither as it was nor as it should be" if $now ne $before && $now ne $after;
        my (undef, $out, $err) = run("$B/weft search -i $index ferry");
        push @wrong, "$n: no search: $err" if $out !~ /ferry/i;
        ($status, $out, $err) = run("$B/weft-indexer $command");
        push @wrong, "$n: again: status $status: $err" if $status > 1;
        $now = exported($index) // 'nothing';
        push @wrong, "$n: another outcome" if $now ne $after;
        push @wrong, "$n: left over" if -e "$index/build" || -e "$index/failed";
    }
    return if $n == 1; # the command has no such call
    is_deeply(\@wrong, [], "$name: killed at each of its " . ($n - 1) . " $call");
}

my %commands = (
    build    => "build -i $index $dir/second.ndjson",
    replay   => "build -i $index $dir/second.ndjson --replay-since 2020-01-01",
    add      => "add -i $index $dir/late.ndjson",
    'delete' => "delete -i $index comment:c9",
);
for my $name (sort keys %commands) {
    # Replaying adds commits and checkpoints; the rest is as in a build.
    my @calls = $name eq 'replay' ? qw(fdatasync rename) : qw(fsync fdatasync rename symlink unlink);
    killed_at_each($name, $_, $commands{$name}) for @calls;
}

# Going back again goes further back. So it is asked for by number.
killed_at_each('rollback', $_, "rollback -i $index --to 1") for qw(fsync fdatasync rename symlink);
done_testing();
