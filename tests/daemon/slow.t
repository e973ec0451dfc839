#!/usr/bin/perl
# slow.t - the log of slow requests: what they cost, how the query was understood, a number for each request.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Weft;

my $dir = Weft::index_of(map { "$_\n" } '{"type":"article","id":"a","title":"The harbour","body":"Dredging begins."}',
    '{"type":"comment","id":"c","article":"a","body":"Dredging again, and mussels."}');
my @program = (program => "$Weft::B/weft-searchd", index => "$dir/index");

# With 0 every request is slow.
my $d = Weft->start(@program, args => ['--slow-ms', 0]);
$d->ask('search -- dredging mussel* -rain');
$d->ask('get ref=comment:nobody');
$d->ask('count -- ' . join ' ', ('abcdefghijklmnop') x 55);
my $figures = qr/took_ms=\d+ wait_ms=\d+ cpu_ms=\d+ disk_reads=\d+/;
my ($search, $get, $long) = $d->log =~ /^(level=warn event=slow .*)$/mg;
like($search, qr/ req=\d+ cmd=search outcome=ok $figures hits=1 plan="[^"]+" query="dredging mussel\* -rain"$/, 'a search');
my ($plan) = $search =~ /plan="([^"]*)"/;
is($plan, '(dredging AND mussel* AND NOT rain)', '... as it was understood');
like($get, qr/ req=\d+ cmd=get outcome=not_found $figures hits=0 query="comment:nobody"$/, 'one without a query, and its failure');
my @numbers = map { /req=(\d+)/ } $search, $get, $long;
ok($numbers[0] < $numbers[1] && $numbers[1] < $numbers[2], 'each has a number of its own');
like($long, qr/ cmd=count .*plan="\(abcdef.*\.\.\." query="abcdef.*\.\.\."$/, 'a long query is cut');
cmp_ok(length $long, '<', 2048, '... to one line of the log');
is($d->stop, 0, 'exit status');

# By default these are not slow.
$d = Weft->start(@program);
$d->ask('search -- dredging');
unlike($d->log, qr/event=slow/, 'a quick request is not logged');
$d->stop;

# No word of a user.
$d = Weft->start(@program, args => ['--slow-ms', 0, '--no-log-queries']);
$d->ask('search -- dredging');
like($d->log, qr/event=slow req=\d+ cmd=search outcome=ok $figures hits=2$/m, 'without its query');
unlike($d->log, qr/dredging/, '... in any form');
$d->stop;

# A request that is stopped: what the loop knows of it.
$d = Weft->start(args => ['--workers', 1, '--timeout-ms', 300]);
$d->ask('test act=hang -- stuck');
like($d->log, qr/event=worker_killed pid=\d+ req=(\d+) reason=deadline .*\n.*event=slow req=\1 cmd=test outcome=timeout took_ms=\d+ .*query="stuck"$/m,
    'one that is stopped at the hard deadline, under one number');
$d->ask('test act=crash');
like($d->log, qr/event=worker_died pid=\d+ req=\d+ signal=9/, 'one whose worker dies is named by its number');
$d->stop;
done_testing;
