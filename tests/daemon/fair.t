#!/usr/bin/perl
# fair.t - who asks what is costly does not keep others from a worker, and who asks too much makes room for others.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Weft;

# Requests of 600 ms are heavy whatever they do. After the first, one of two workers stays free.
my $d = Weft->start(args => ['--workers', 2, '--timeout-ms', 30000]);
my @heavy = map { $d->connect } 1 .. 3;
$_->send("test sleep_ms=600\n") for @heavy;
$_->reply for @heavy;
my $light = $d->connect;
$light->send("test id=light\n");
is($light->reply->{id}, 'light', 'a light request before');
$_->send("test act=hang\n" x 5) for @heavy;
$light->send("test id=$_\n") for 1 .. 200;
is(join(' ', map { $_->{id} } $light->replies(200)), join(' ', 1 .. 200), 'fifteen that hang, and others are answered');
ok(!(grep { $_->has_bytes } @heavy), 'before any of those was stopped');
$_->close for @heavy;
is($d->stop, 0, 'exit status');

# A full queue: the last request of who has most waiting goes, not the first of who has none.
$d = Weft->start(http => ['unix'], args => ['--workers', 1, '--queue', 8, '--timeout-ms', 2000]);
my $much = $d->connect;
$much->send("test id=run act=hang\n" . join '', map { "test id=$_\n" } 1 .. 9);
Weft::wait_for(sub { $d->http('/metrics')->{body} =~ /^weft_queue_length 8$/m }, 'a full queue');
my $one = $d->connect;
$one->send("test id=one\n");
is($one->reply->{id}, 'one', 'who has nothing waiting is let in');
my @codes = map { $_->{error}{code} // 'ok' } $much->replies(10);
is("@codes", 'timeout ok ok ok ok ok ok ok busy busy', 'who has much waits less');
is($d->stop, 0, 'exit status');
done_testing;
