#!/usr/bin/perl
# cache.t - replies given again: the very ones a worker would give, and none from before a change of the index.
use strict;
use warnings;
use lib 'tests/daemon';
use Looping;
use Test::More;
use Weft;

my $tmp = File::Temp->newdir;

sub write_index {
    my ($command, $k) = @_;
    Looping::write_records("$tmp/records", $k);
    return system("$Weft::B/weft-indexer", $command, '-q', '-i', "$tmp/i", "$tmp/records") == 0;
}

sub start {
    my (@args) = @_;
    return Weft->start(index => "$tmp/i", program => "$Weft::B/weft-searchd", args => ['--workers', 2, '--log-level', 'debug', @args]);
}

sub given_again {
    my ($d) = @_;
    return scalar(() = $d->log =~ /event=request req=\d+ cmd=\w+ cached=yes/g);
}

ok(write_index('build', 1), 'an index');
my ($d, $bare) = (start(), start('--cache-bytes', 0));

# Each three times of a daemon with a cache, and of one without: the time it took and the cursor, which has the time in it, aside.
sub bare_reply {
    my ($reply) = @_;
    delete @$reply{qw(took_ms next)};
    return $reply;
}
my @same = (
    'search -- toll', 'search limit=3 sort=newest -- ferry', 'search facets=author,month explain=1 -- toll bridge', 'search group=thread -- toll',
    'count totals=exact -- ferry', 'thread ref=comment:c2', 'get ref=comment:c3', 'search recency=40 -- toll',
    'search -- toll date:today', 'search tz=Asia/Tokyo -- toll after:"2 weeks ago"', 'count -- nothing at all', 'search -- frry',
);
my @differ;
for my $line (@same, @same, @same) {
    my ($with, $without) = map { bare_reply($_->ask($line)) } $d, $bare;
    push @differ, $line if JSON::PP->new->canonical->encode($with) ne JSON::PP->new->canonical->encode($without);
}
is_deeply(\@differ, [], 'the same replies');
# The quarter of an hour may end on the way: four of them hang on the clock, that costs three at most.
cmp_ok(given_again($d), '>=', 2 * @same - 3, 'all but the first from the cache');
is(given_again($bare), 0, 'none without one');

# Under the id of each, also in a pipeline.
my $c = $d->connect;
$c->send("count id=1 -- toll\n{\"cmd\":\"count\",\"q\":\"toll\",\"id\":\"two\"}\ncount -- toll\n");
my @three = $c->replies(3);
is_deeply([map { $_->{id} } @three], [1, 'two', undef], 'under the id of the request');
is($three[1]{total}{hits}, $three[0]{total}{hits}, '... the same reply');

# What is not kept.
my $before = given_again($d);
for my $line ('status', 'count -- toll after:"3 hours ago"', 'get ref=comment:nobody', 'search limit=0 -- toll') {
    $d->ask($line) for 1, 2;
    is(given_again($d), $before, "not kept: $line");
}

# No answer from before a commit that has ended, nor from before a swap.
my (@stale, @failed);
for my $k (2 .. 40) {
    push @failed, $k if !write_index($k % 10 ? 'add' : 'build', $k);
    for my $line ('count -- toll', 'count -- toll', 'get ref=comment:c3') {
        my $r = $d->ask($line);
        push @stale, "$k: $line: " . ($r->{revision} // 'an error') if ($r->{revision} // 0) != $k;
    }
}
is_deeply(\@failed, [], 'forty states');
is_deeply(\@stale, [], 'no stale answer');
cmp_ok(given_again($d) - $before, '>=', 39, '... though each is kept');

# While it changes: revisions never go back for one client, and the newest is seen when the change has ended.
my $pid = fork // die "fork: $!\n";
if (!$pid) {
    write_index('add', $_) for 41 .. 70;
    POSIX::_exit(0);
}
my ($last, $back, $asked) = (40, 0, 0);
while (waitpid($pid, POSIX::WNOHANG()) == 0) {
    my $now = $d->ask('count -- ferry')->{revision} // 0;
    $back++ if $now < $last;
    ($last, $asked) = ($now, $asked + 1);
}
is($back, 0, "no answer of $asked older than the one before");
is($d->ask('count -- ferry')->{revision}, 70, 'the newest at the end');
is($d->stop, 0, 'exit status');
$bare->stop;

# An index that is taken away is not answered from memory.
$d = start();
ok($d->ask('count -- toll')->{ok}, 'an answer') for 1, 2;
is(given_again($d), 1, '... the second from memory');
rename "$tmp/i/current", "$tmp/i/aside";
is($d->ask('count -- toll')->{error}{code}, 'not_found', 'no answer without an index');
rename "$tmp/i/aside", "$tmp/i/current";
ok($d->ask('count -- toll')->{ok}, '... and one when it is back');
$d->stop;

# A reply that came late may lack what there was no time for.
my $slow = Weft->start(index => "$tmp/i", args => ['--log-level', 'debug']);
$slow->ask('test act=keep') for 1, 2;
is(given_again($slow), 1, 'a reply that lasts');
$slow->ask('test act=keep sleep_ms=600') for 1, 2;
is(given_again($slow), 1, '... unless it came after the soft deadline');
$slow->stop;
done_testing;
