# Hostile.pm - clients that mean no good, for hostile.t: each sub does one of their tricks, for a fraction of a second, and
# gives up whatever it holds. What comes back is not looked at, but for never waiting long for it.
package Hostile;
use strict;
use warnings;
use Fcntl ();
use IO::Select ();
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(sleep time);

my @words = qw[common tide the "a* -x thread:( ) parent:(the OR* NEAR/3 ~tide date:2014.. limit=9 is:orphan];

sub bytes_of { return join '', map { chr int rand 256 } 1 .. $_[0] }
sub one_of { return $_[rand @_] }
sub query { return join ' ', map { one_of(@words) } 1 .. 1 + rand 12 }

# A request, whole and mostly sound, as the address speaks it.
sub request {
    my ($is_http) = @_;
    my $q = query();
    return one_of("search -- $q\n", qq({"cmd":"count","q":"tide","id":1}\n), "suggest -- $q\n", "status\n", "thread ref=comment:c1\n",
        "similar ref=article:a1\n") unless $is_http;
    $q =~ s/([^a-z])/sprintf '%%%02X', ord $1/ge;
    my $body = qq({"q":"tide"});
    return one_of("GET /v1/search?q=$q HTTP/1.1\r\nHost: x\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "GET /?q=$q HTTP/1.1\r\nHost: x\r\n\r\n",
        "HEAD /v1/status HTTP/1.1\r\nHost: x\r\n\r\n", "POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: " . length($body) . "\r\n\r\n$body",
        sprintf("POST /v1/count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", length $body, $body));
}

# What has come in is thrown away; true at the end of the stream.
sub drain {
    my ($c, $seconds) = @_;
    my $end = time + $seconds;
    while ((my $left = $end - time) > 0) {
        next unless IO::Select->new($c->{s})->can_read($left);
        return 1 unless sysread($c->{s}, my $bytes, 1 << 16);
    }
    return 0;
}

# As much as is taken now: a client that is not read from must not hold the test up.
sub push_bytes {
    my ($c, $bytes, $seconds) = @_;
    local $SIG{PIPE} = 'IGNORE';
    my $end = time + ($seconds // 0.2);
    $c->{s}->blocking(0);
    while (length $bytes && time < $end) {
        my $n = syswrite($c->{s}, $bytes);
        if (defined $n) { substr($bytes, 0, $n) = ''; next }
        last unless $!{EAGAIN};
        IO::Select->new($c->{s})->can_write(0.02);
    }
    $c->{s}->blocking(1);
    return;
}

sub cut_off {
    my ($c) = @_;
    setsockopt($c->{s}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    return $c->close;
}

# Too long a line, head, body, or depth.
sub oversize {
    my ($is_http) = @_;
    return one_of('search -- ' . 'a' x 100_000, 'x' x 300_000, '{"q":' . '[' x 60000 . "\n") unless $is_http;
    my $post = "POST /v1/search HTTP/1.1\r\nHost: x\r\n";
    return one_of('GET /' . 'a' x 9000, "GET / HTTP/1.1\r\n" . "X: y\r\n" x 5000, "${post}Content-Length: 99999999\r\n\r\n" . 'x' x 99999,
        "${post}Transfer-Encoding: chunked\r\n\r\n" . "1\r\nx\r\n" x 70000);
}

our %tricks = (
    'random bytes' => sub {
        my ($c) = @_;
        push_bytes($c, bytes_of(1 + rand 4000));
        drain($c, 0.02);
    },
    'a request with bytes changed' => sub {
        my ($c, $is_http) = @_;
        my $r = request($is_http);
        substr($r, rand length $r, 1) = chr int rand 256 for 1 .. 1 + rand 3;
        push_bytes($c, $r);
        drain($c, 0.02);
    },
    'a byte at a time' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, $_) for split //, request($is_http);
        drain($c, 0.05);
    },
    'a slow drip' => sub {
        my ($c, $is_http) = @_;
        for (split //, substr request($is_http), 0, 8) {
            push_bytes($c, $_);
            sleep 0.02;
        }
    },
    'half closed' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, request($is_http) . substr request($is_http), 0, rand 20);
        $c->end_requests;
        drain($c, 1);
    },
    'oversize' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, oversize($is_http));
        drain($c, 0.05);
    },
    'a pipeline, not read' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, join '', map { request($is_http) } 1 .. 300);
        sleep 0.05;
    },
    'a pipeline, read slowly' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, join '', map { request($is_http) } 1 .. 50);
        for (1 .. 20) {
            last unless sysread($c->{s}, my $byte, 1 + rand 100);
        }
    },
    'a pipeline, and away' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, join '', map { request($is_http) } 1 .. 20);
        cut_off($c) if rand() < 0.5;
    },
    'the other protocol' => sub {
        my ($c, $is_http) = @_;
        push_bytes($c, request(!$is_http));
        drain($c, 0.02);
    },
    'costly' => sub {
        my ($c, $is_http) = @_;
        my $q = join ' OR ', map { "thread:(the $_*)" } 'a' .. 'z';
        push_bytes($c, $is_http ? "GET /v1/search?limit=100&q=" . $q =~ s/ /+/gr . " HTTP/1.1\r\nHost: x\r\n\r\n" : "search limit=100 -- $q\n" x 30);
        drain($c, 0.05);
    },
);

# Tricks in one order of the seed, one after the other until the time is up, on connections by turns to these addresses
# ([address, is it HTTP]); what each sort did is counted in the hash that is returned. "churn" is many connections, most of
# which ask nothing.
sub misbehave {
    my ($daemon, $seed, $end, @addresses) = @_;
    my %done;
    srand $seed;
    while (time < $end) {
        my $name = one_of('churn', sort keys %tricks);
        my ($address, $is_http) = @{one_of(@addresses)};
        if ($name eq 'churn') {
            for (1 .. 50) {
                my $c = $daemon->connect($address) or next;
                push_bytes($c, one_of('', '', "\n", 'GET', request($is_http)));
                rand() < 0.3 ? cut_off($c) : $c->close;
                $done{churn}++;
            }
            next;
        }
        my $c = $daemon->connect($address) or next;
        $tricks{$name}->($c, $is_http);
        $c->close if defined fileno $c->{s};
        $done{$name}++;
    }
    return \%done;
}

1;
