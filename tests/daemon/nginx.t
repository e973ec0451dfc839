#!/usr/bin/perl
# nginx.t - contrib/nginx/weft.conf in front of weft-searchd: what is asked through it is answered as without it, also while one
# daemon takes over from another.
use strict;
use warnings;
use lib 'tests/daemon';
use File::Temp ();
use IO::Socket::UNIX;
use POSIX ();
use Test::More;
use Weft;

my ($nginx) = grep { -x } '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx';
plan skip_all => 'no nginx here (Debian: nginx-light)' unless $nginx;

my $dir   = File::Temp->newdir;
my $index = Weft::index_of(map { "$_\n" } '{"type":"article","id":"tide","title":"The tide","body":"It comes twice."}',
    '{"type":"comment","id":"a/b c","article":"tide","author":"Ann","body":"Once is enough, she said."}');

# The socket is held here, as systemd would hold it.
my $held = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$dir/http", Listen => 64) or die "socket: $!\n";
sub run_daemon {
    return Weft->start(program => "$Weft::B/weft-searchd", index => "$index/index", listen => [], sockets => 1, args => ['--workers', 2],
        before => sub {
            POSIX::dup2(fileno $held, 3) unless fileno $held == 3;
            if (fileno $held == 3) { require Fcntl; fcntl($held, Fcntl::F_SETFD(), 0) }
            @ENV{qw(LISTEN_PID LISTEN_FDS LISTEN_FDNAMES)} = ($$, 1, 'http');
        });
}

# The file as it is, but for the names and the certificate; limits that this test would run into are lifted where it says so.
open(my $in, '<', 'contrib/nginx/weft.conf') or die "weft.conf: $!\n";
my $site = do { local $/; <$in> };
my $changed = 0;
$changed += $site =~ s{unix:/run/weft/http\.sock}{unix:$dir/http};
$changed += $site =~ s{listen 443 ssl;}{listen unix:$dir/front;};
$changed += $site =~ s{^\s*ssl_certificate\w*\s.*\n}{}mg;
$changed += $site =~ s{rate=20r/s}{rate=10000r/s};
$changed += $site =~ s{burst=40\b}{burst=400};
is($changed, 6, 'the file names its socket, its port, its certificate and its rate');
mkdir "$dir/tmp" or die;
my $user = $> == 0 ? 'user root;' : '';
open(my $out, '>', "$dir/nginx.conf") or die "$dir: $!\n";
print $out <<"END";
$user
daemon off;
master_process off;
pid $dir/pid;
error_log $dir/error.log info;
events { worker_connections 128; }
http {
    access_log off;
    client_body_temp_path $dir/tmp/body;
    proxy_temp_path $dir/tmp/proxy;
    fastcgi_temp_path $dir/tmp/fastcgi;
    uwsgi_temp_path $dir/tmp/uwsgi;
    scgi_temp_path $dir/tmp/scgi;
$site
}
END
close $out;
my $tried = `$nginx -t -p $dir -e $dir/error.log -c $dir/nginx.conf 2>&1`;
like($tried, qr/test is successful/, 'nginx takes it') or do { diag($tried); done_testing; exit 1 };

my $d   = run_daemon();
my $pid = fork // die "fork: $!\n";
if (!$pid) {
    open(STDIN, '<', '/dev/null');
    open(STDERR, '>>', "$dir/stderr");
    exec($nginx, '-p', "$dir", '-e', "$dir/error.log", '-c', "$dir/nginx.conf") or POSIX::_exit(127);
}
END { if ($pid) { my $status = $?; kill('QUIT', $pid); waitpid $pid, 0; $? = $status } }
Weft::wait_for(sub { -S "$dir/front" && $d->connect("unix:$dir/front") }, 'nginx');

sub ask {
    my ($path, %o) = @_;
    my $c = $d->connect($o{to} // "unix:$dir/front") or die "connect: $!\n";
    my $method = $o{method} // (defined $o{body} ? 'POST' : 'GET');
    my @headers = ('Host: search.example.org', 'Connection: close', @{$o{headers} || []});
    push @headers, 'Content-Length: ' . length $o{body} if defined $o{body};
    $c->send(join("\r\n", "$method $path HTTP/1.1", @headers, '', '') . ($o{body} // ''));
    return $c->answer($method eq 'HEAD');
}
sub steady { my ($a) = @_; delete $a->{json}{took_ms}; return [$a->{status}, $a->{json}, $a->{header}{'content-type'}, $a->{header}{etag}] }

# The same through it as without it.
my $a = ask('/v1/search?q=twice');
is($a->{json}{hits}[0]{ref}, 'article:tide', 'a search through nginx');
for my $path ('/v1/search?q=%22once%20is%22', '/v1/doc/comment%3Aa%2Fb%20c', '/v1/thread/comment:a%2Fb%20c?limit=1', '/v1/count?q=twice', '/v1/doc/comment:nobody',
    '/v1/search?lmit=3&q=x', '/nowhere', '/v1/search?q=' . 'x' x 1025) {
    is_deeply(steady(ask($path)), steady(ask($path, to => "unix:$dir/http")), 'the same as without it: ' . substr($path, 0, 40));
}
is(ask('/v1/search', body => '{"q":"twice"}')->{json}{total}{hits}, 1, 'a body');
is(ask('/v1/doc/article:nobody')->{status}, 404, 'a 404 of weft stays one');
is(ask('/v1/doc/article:nobody')->{json}{error}{code}, 'not_found', '... with its error object');
my $etag = ask('/v1/search?q=twice')->{header}{etag};
is(ask('/v1/search?q=twice', headers => ["If-None-Match: $etag"])->{status}, 304, 'a tag is understood through it');
is(ask('/v1/search?q=twice', method => 'HEAD')->{status}, 200, 'HEAD');
is(ask('/')->{header}{'content-security-policy'}, ask('/', to => "unix:$dir/http")->{header}{'content-security-policy'},
    'the page with its policy');
is(ask('/healthz')->{status}, 404, 'health is not for everybody');
is(ask('/healthz', to => "unix:$dir/http")->{status}, 200, '... but there');
is(ask('/v1/search', body => '{"q":"' . 'x' x 65536 . '"}')->{status}, 413, 'a body over 64 KiB goes no further than nginx');

# A hundred requests ahead of their answers on one connection.
my $c = $d->connect("unix:$dir/front");
$c->send(join '', map { "GET /v1/count?q=" . ($_ % 2 ? 'twice' : 'nothing') . " HTTP/1.1\r\nHost: x\r\n\r\n" } 1 .. 100);
my @counts = map { my $r = $c->answer; $r ? $r->{json}{total}{hits} : 'none' } 1 .. 100;
is_deeply(\@counts, [map { $_ % 2 } 1 .. 100], '100 requests ahead of their answers');

# Another daemon takes over while nginx keeps its connections to the first one.
for my $round (1 .. 2) {
    my $second = run_daemon();
    my @status;
    kill('TERM', $d->{pid});
    push @status, ask('/v1/count?q=twice')->{status} for 1 .. 25;
    is($d->wait_end, 0, "round $round: the first daemon has ended");
    $d = $second;
    push @status, ask('/v1/count?q=twice')->{status} for 1 .. 25;
    is_deeply([grep { $_ != 200 } @status], [], '... and every request was answered');
}
is($d->stop, 0, 'exit 0');
done_testing;
