#!/usr/bin/perl
# dates.t - the last day of a range, zones, dates that are missing, bad, or in milliseconds.
use strict;
use warnings;
use utf8;
use lib 'tests/cases', 'tests/daemon';
use Test::More;
use Cases;
use Weft;

sub built {
    my @inputs = @_;
    my $x = Cases->new;
    $x->{run} = $x->build(@inputs);
    return $x;
}

given('049', sub {
    my $x = built("$Cases::SHARED/049/in.ndjson");
    my @q = case_lines('049', 'queries.txt');
    # after:DAY begins with that day (doc/query-language.md)
    my @want = ('c1 c2', 'c1 c2', 'c1 c2 c3 c4', 'c4', 'c1 c2 c3');
    is($x->found($q[$_]), $want[$_], $q[$_]) for 0 .. $#q;
    is($x->search('ketch date:2020-05-26..2020-05-24')->{error}{code}, 'bad_query', 'a reversed range is an error');
});

given('057', sub {
    my $x = built("$Cases::SHARED/057/in.ndjson");
    is($x->get('comment:c1')->{date}, $x->get('comment:c2')->{date}, 'the same instant');
    is($x->get('comment:c3')->{date}, '2017-03-26T01:30:00Z', '02:30 that night is 03:30 in Berlin');
    is($x->found('yawl'), 'c1 c2 c3 c4', 'nobody is lost');
    is($x->found('yawl date:2017-06-24'), 'c1 c2 c4', 'days are UTC');
    is($x->found('yawl date:2017-06-23', tz => 'America/Los_Angeles'), 'c1 c2 c4', '... or of the zone asked for');
    is($x->found('yawl date:2017-06-24', tz => 'America/Los_Angeles'), '', '... with both its ends');
    local $ENV{TZ} = 'Asia/Tokyo';
    my $tokyo = built("$Cases::SHARED/057/in.ndjson");
    is($tokyo->found('yawl date:2017-06-24'), 'c1 c2 c4', 'the zone of the machine is nobody\'s');
    is($tokyo->get('comment:c4')->{date}, '2017-06-24T01:51:46Z', '... nor that of a date without one');
    $tokyo = built('--tz=America/Los_Angeles', "$Cases::SHARED/057/in.ndjson");
    is($tokyo->get('comment:c4')->{date}, '2017-06-24T08:51:46Z', 'which is that of --tz');
    is($tokyo->get('comment:c3')->{date}, '2017-03-26T01:30:00Z', '... unless its record has its own');
});

given('073', sub {
    my $x = built("$Cases::SHARED/073/in.ndjson");
    is($x->{run}{status}, 0, 'a bad date refuses nothing');
    # absent ones (null, "") are not bad; 24:00 is the end of that day by ISO 8601 but no hour of RFC 3339
    like($x->{run}{err}, qr/: 4 dates were not understood/, 'the bad ones are counted');
    is($x->found('brig'), 'c1 c2 c3 c4 c5 c6', 'all are there');
    is($x->found("brig $_"), '', "none in $_") for 'after:1969 before:2027', 'after:0001', 'before:2100', 'date:1970', 'date:2013', 'date:today', 'date:2026';
    ok(!exists $x->get("comment:c$_")->{date}, "c$_ has none") for 1 .. 6;
    is($x->search("brig OR ministers", sort => $_)->{hits}[0]{ref}, "article:a1", "last when sorted $_") for qw(newest oldest);
});

given('077', sub {
    my $x = built("$Cases::SHARED/077/in.ndjson");
    is($x->{run}{status}, 1, 'some refused');
    like($x->{run}{err}, qr/in\.ndjson:$_: .*milliseconds/, "line $_, with a hint") for 2, 4, 5;
    is($x->found('sloop'), 'c2', 'the other is there');
    is($x->get('comment:c2')->{date}, '2025-12-08T22:36:57Z', '... in seconds');
    $x = built('--epoch=ms', "$Cases::SHARED/077/in.ndjson");
    is($x->get('comment:c1')->{date}, '2025-12-08T22:36:57Z', 'milliseconds when told');
    is($x->get('comment:c4')->{date}, '1964-02-03T23:00:00Z', '... before 1970 too');
});

# ---- our own, of the same kinds ----
subtest 'first and last seconds of a unit' => sub {
    my %at = (
        a => '2019-12-31T23:59:59Z', b => '2020-01-01T00:00:00Z', c => '2020-02-28T23:59:59.999Z', d => '2020-02-29T00:00:00Z', e => '2020-02-29T23:59:59.9Z',
        f => '2020-03-01T00:00:00Z', g => '2020-12-31T23:59:59.999999Z', h => '2021-01-01T00:00:00Z',
    );
    my $x = built(map { comment($_, 'ketch', date => $at{$_}) } sort keys %at);
    my %want = (
        'date:2020' => 'b c d e f g', 'date:2020-02' => 'c d e', 'date:2020-02-29' => 'd e', 'date:2020-02-28..2020-02-29' => 'c d e', 'date:2020-02..2020-02' => 'c d e',
        'date:2020..2020' => 'b c d e f g', 'date:2019..2020' => 'a b c d e f g', 'date:..2019' => 'a', 'date:2021..' => 'h', 'date:2020-12-31..' => 'g h',
        'date:..2020-02-28' => 'a b c', 'before:2020' => 'a', 'before:2020-02-29' => 'a b c', 'before:2020-03' => 'a b c d e', 'after:2020-02-29' => 'd e f g h',
        'after:2021' => 'h', 'after:2020-03' => 'f g h', 'after:2020-02-29 before:2020-03-01' => 'd e', 'after:2020 before:2021' => 'b c d e f g',
        'date:2020-02-29T23:59' => 'e', 'date:2020-02-29T23:59:59Z' => 'e', 'date:2020-01-01..2020-02-29T00:00:00Z' => 'b c d', '-date:2020' => 'a h', 'NOT after:2020' => 'a',
        'date:2020-02-29 OR date:2019' => 'a d e',
    );
    is($x->found("ketch $_"), $want{$_}, $_) for sort keys %want;
    for my $q ('date:2021..2020', 'date:2020-03..2020-02', 'date:2020-02-29..2020-02-28', 'date:2020-02-29..2019', 'ketch date:2020-01-02..2020-01-01T00:00:00Z') {
        my $reply = $x->search($q);
        is($reply->{error}{code}, 'bad_query', "refused: $q");
        like($reply->{error}{message} // '', qr/ends before it begins/, '... with the reason');
    }
    for my $q ('date:2020-02-30', 'date:2020-13', 'date:soon', 'after:31.12.2020') {
        my $reply = $x->search("ketch $q");
        is_ok($reply, "answered: $q");
        ok(@{$reply->{warnings}}, '... with a warning');
    }
};

subtest 'an instant written in many ways, days of many zones' => sub {
    my @same = ('2021-06-15T22:30:00Z', '2021-06-16T00:30:00+02:00', '2021-06-15T15:30:00-0700', '2021-06-16 07:30:00+09', '2021-06-15t22:30:00.75z', '2021-06-16T04:00+05:30', 1623796200);
    my $x = built(map { comment("c$_", 'yawl', date => $same[$_]) } 0 .. $#same);
    is($x->get("comment:c$_")->{date}, '2021-06-15T22:30:00Z', "given as $same[$_]") for 0 .. $#same;
    my %day = ('UTC' => 15, 'Europe/Berlin' => 16, 'America/New_York' => 15, 'Asia/Tokyo' => 16, 'Pacific/Kiritimati' => 16, 'Pacific/Pago_Pago' => 15, 'Asia/Kolkata' => 16);
    for my $tz (sort keys %day) {
        my $other = $day{$tz} == 15 ? 16 : 15;
        is($x->search("yawl date:2021-06-$day{$tz}", tz => $tz)->{total}{hits}, 7, "the $day{$tz}th in $tz");
        is($x->search("yawl date:2021-06-$other", tz => $tz)->{total}{hits}, 0, '... and no other day');
    }
    is($x->search('yawl date:2021', tz => 'Mars/Olympus')->{error}{code}, 'bad_query', 'no such zone');
    my $run = Cases->new->build('--tz=Mars/Olympus', comment('c1', 'x'));
    is($run->{status}, 2, 'nor for the indexer');
};

subtest 'times that a zone skips, or has twice' => sub {
    my %want = ( # zone, wall clock => instant, by hand
        'America/New_York 2021-03-14T02:30:00' => '2021-03-14T07:30:00Z', 'America/New_York 2021-11-07T01:30:00' => '2021-11-07T05:30:00Z',
        'Europe/Berlin 2021-03-28T02:00:00' => '2021-03-28T01:00:00Z', 'Europe/Berlin 2021-10-31 02:30' => '2021-10-31T00:30:00Z',
        'Europe/Moscow 2013-05-03 12:00' => '2013-05-03T08:00:00Z', 'Australia/Lord_Howe 2021-10-03T02:15:00' => '2021-10-02T15:45:00Z', 'Asia/Kolkata 2021-01-01' => '2020-12-31T18:30:00Z',
    );
    for my $row (sort keys %want) {
        my ($tz, $date) = split / /, $row, 2;
        my $x = built(comment('c1', 'x', date => $date, tz => $tz));
        is($x->get('comment:c1')->{date}, $want{$row}, "$row by its own zone");
        $x = built("--tz=$tz", comment('c1', 'x', date => $date));
        is($x->get('comment:c1')->{date}, $want{$row}, '... and by --tz');
    }
};

subtest 'the zone of the server is nobody\'s' => sub {
    my $x = built(comment('c1', 'yawl', date => '2021-06-15T22:30:00Z'), comment('c2', 'yawl', date => '2021-06-15 03:00'));
    for my $tz ('Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Kiritimati') {
        my $d = Weft->start(program => "$Cases::B/weft-searchd", index => $x->{index}, env => {TZ => $tz});
        is($d->ask('search -- yawl date:2021-06-15')->{total}{hits}, 2, "a server in $tz");
        is($d->ask('search -- yawl date:2021-06-16')->{total}{hits}, 0, '... has the days of all');
        is($d->stop, 0, '... and ends well');
    }
};

subtest 'what is no date is unknown' => sub {
    my @bad = ('not a date', '0000-00-00', '0000-01-01T00:00:00Z', '2013-02-29', '2013-04-31T10:00:00Z', '2013-13-01', '2013-00-10', '2013-01-01T25:00:00Z', '2013-01-01T10:60:00Z',
        '11 hours ago', 'вчера', 'gestern', '3 мая 2013', '05/03/2013', '-1', '99999-01-01', '2013-05-03T10:00:00+99:00', 'now', 'T', '2013-5');
    my @absent = (undef, '');
    my $x = built(comment('known', 'brig', date => '2013-05-03T09:16:00Z'), map { comment("c$_", 'brig', date => ($bad[$_])) } 0 .. $#bad);
    is($x->{run}{status}, 0, 'nothing is refused');
    my $count = @bad;
    like($x->{run}{err}, qr/: $count dates were not understood/, 'each is counted');
    ok(!exists $x->get("comment:c$_")->{date}, "unknown: $bad[$_]") for 0 .. $#bad;
    is($x->found('brig date:0001..9999'), 'known', 'in no range');
    is($x->search('brig')->{total}{hits}, @bad + 1, 'all found without one');
    for my $sort (qw(newest oldest)) {
        my @refs = map { $_->{ref} } @{$x->search('brig', sort => $sort)->{hits}};
        is($refs[0], 'comment:known', "the known one first when sorted $sort");
        is(scalar(@refs), @bad + 1, '... the others after it');
    }
    $x = built(map { comment("c$_", 'brig', date => $absent[$_]) } 0 .. $#absent);
    unlike($x->{run}{err}, qr/not understood/, 'absent is not bad');
    is($x->found('brig'), 'c0 c1', '... and unknown');
};

subtest 'numbers are seconds, or milliseconds when told' => sub {
    my %seconds = (0 => '1970-01-01T00:00:00Z', -1 => '1969-12-31T23:59:59Z', 253402300799 => '9999-12-31T23:59:59Z', -62135596800 => '0001-01-01T00:00:00Z', 1e9 => '2001-09-09T01:46:40Z');
    for my $s (sort { $a <=> $b } keys %seconds) {
        my $x = built(comment('c1', 'sloop', date => $s + 0));
        is($x->get('comment:c1')->{date}, $seconds{$s}, "$s seconds");
        $x = built('--epoch=ms', comment('c1', 'sloop', date => $s * 1000));
        is($x->get('comment:c1')->{date}, $seconds{$s}, '... as milliseconds');
    }
    my @out = (253402300800, -62135596801, 1e12, 1700000000000, -1700000000000, 1700000000000000);
    my $x = built(comment('good', 'sloop', date => 1700000000), map { comment("c$_", 'sloop', date => $out[$_]) } 0 .. $#out);
    is($x->{run}{status}, 1, 'partial');
    like($x->{run}{err}, qr/:@{[$_ + 2]}: c$_: .*milliseconds/, "refused with a hint: $out[$_]") for 0 .. $#out;
    is($x->found('sloop'), 'good', 'the good one stays');
    $x = built('--epoch=ms', comment('c1', 'sloop', date => 1700000000000), comment('c2', 'sloop', date => 1700000000000000));
    is($x->get('comment:c1')->{date}, '2023-11-14T22:13:20Z', 'with --epoch ms');
    is($x->{run}{status}, 1, '... microseconds are still refused');
    $x = built('--epoch=ms', comment('c1', 'sloop', date => 1700000000), comment('c2', 'sloop', date => -500));
    is($x->get('comment:c2')->{date}, '1969-12-31T23:59:59Z', 'half a second before 1970 lies in the second before');
};
done_testing;
