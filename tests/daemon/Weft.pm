# Weft.pm - start and stop a weft-searchd for a test, exchange lines with it.
#
#     my $d = Weft->start(args => ['--workers', 2]);      # on a Unix socket in a temporary directory
#     my $c = $d->connect;
#     $c->send("hello id=1\n");
#     my $reply = $c->reply;                               # a decoded line; undef at the end of the stream
#     is($d->stop, 0);                                     # SIGTERM, exit status
#
# Every wait has a guard of 30 seconds, so that a hanging daemon fails a test and does not hang the run.
package Weft;
use strict;
use warnings;
use File::Temp ();
use IO::Handle ();
use IO::Socket::IP;
use IO::Socket::UNIX;
use IPC::Open2;
use JSON::PP ();
use POSIX ();
use Socket qw(SOCK_STREAM);
use Time::HiRes qw(sleep time);

our $B     = $ENV{B} || 'build';
our $GUARD = 30;

# What looks like an index when the daemon starts: enough for tests that never read one.
our $INDEX = File::Temp->newdir;
symlink('gen-1', "$INDEX/current") or die "symlink: $!\n";

# Poll until the code returns something true, which is returned.
sub wait_for {
    my ($code, $what) = @_;
    my $end = time + $GUARD;
    while (time < $end) {
        my $got = $code->();
        return $got if $got;
        sleep 0.01;
    }
    die "waited $GUARD s for $what\n";
}

# Options: program, args, listen (addresses; default one Unix socket), http (addresses; "unix" for $dir/h), index, env, before (code run in the child just
# before exec), wait => 0 not to wait for readiness.
sub start {
    my ($class, %o) = @_;
    my $dir  = File::Temp->newdir;
    my $self = bless {dir => $dir, log => "$dir/log", socket => "$dir/s", program => $o{program} || "$B/tests/weft-searchd-test"},
        $class;
    my @listen = map { ('--listen', $_) } @{$o{listen} || ["unix:$dir/s"]};
    push @listen, map { ('--http', $_) } map { $_ eq 'unix' ? "unix:$dir/h" : $_ } @{$o{http} || []};
    my @args = ('-i', $o{index} || "$INDEX", @listen, @{$o{args} || []});
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        $ENV{$_} = $o{env}{$_} for keys %{$o{env} || {}};
        open(STDIN,  '<',  '/dev/null');
        open(STDERR, '>>', $self->{log});
        $o{before}->() if $o{before};
        exec($self->{program}, @args) or POSIX::_exit(127);
    }
    $self->{pid} = $pid;
    my $sockets = $o{sockets} // @listen / 2;
    if ($o{wait} // 1) {
        wait_for(sub { $self->ended || (() = $self->log =~ /event=listening/g) >= $sockets }, 'readiness');
        die 'the daemon did not start: ' . $self->log if defined $self->{status};
    }
    return $self;
}

sub log {
    my ($self) = @_;
    open(my $fh, '<', $self->{log}) or return '';
    local $/;
    return scalar(<$fh>) // '';
}

sub wait_log {
    my ($self, $pattern) = @_;
    return wait_for(sub { $self->log =~ $pattern }, "the log to match $pattern");
}

# The addresses the daemon said it listens on.
sub addresses { return $_[0]->log =~ /event=listening address=(\S+)/g }

sub connect {
    my ($self, $address) = @_;
    $address //= "unix:$self->{socket}";
    my $s = $address =~ /^unix:(.*)/ ? IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $1)
        : IO::Socket::IP->new(PeerAddr => $address, Type => SOCK_STREAM);
    return undef unless $s;
    return bless {s => $s, in => ''}, 'Weft::Conn';
}

# The addresses it speaks HTTP on.
sub http_addresses { return $_[0]->log =~ /event=listening http=(\S+)/g }

# A connection to the first of them.
sub connect_http { return $_[0]->connect(($_[0]->http_addresses)[0]) }

# An HTTP request on a connection of its own: path, then body => (a POST), method, headers => [lines]. The answer, as
# Weft::Conn::answer gives it.
sub http {
    my ($self, $path, %o) = @_;
    my $c = $self->connect_http or die "connect: $!\n";
    my $method = $o{method} // (defined $o{body} ? 'POST' : 'GET');
    my @headers = ('Host: x', 'Connection: close', @{$o{headers} || []});
    push @headers, 'Content-Length: ' . length $o{body} if defined $o{body};
    $c->send(join("\r\n", "$method $path HTTP/1.1", @headers, '', '') . ($o{body} // ''));
    return $c->answer($method eq 'HEAD');
}

# One request on a connection of its own.
sub ask { return $_[0]->ask_at(undef, $_[1]) }

sub ask_at {
    my ($self, $address, $line) = @_;
    my $c = $self->connect($address) or die "connect: $!\n";
    $c->send("$line\n");
    return $c->reply;
}

sub ended {
    my ($self) = @_;
    return 1 if defined $self->{status};
    return 0 unless waitpid($self->{pid}, POSIX::WNOHANG()) == $self->{pid};
    $self->{status} = $?;
    return 1;
}

# What a sanitizer said, but for what happened in a library that is excused: the first frame that is not the sanitizer's own.
sub reported {
    my ($self) = @_;
    my ($before, @reports) = split /(?===\d+==ERROR: AddressSanitizer)/, $self->log;
    return 1 if join('', $before, @reports) =~ /runtime error:/ || $before =~ /Sanitizer/;
    for my $report (@reports) {
        my ($frame) = grep { !/[Ii]nterceptor|libasan|asan_/ } $report =~ /^\s+#\d+ (.*)$/mg;
        return 1 if !$self->{excused} || $frame !~ /$self->{excused}/;
    }
    return 0;
}

# Exit status; a signal counts as 128 + its number. What a sanitizer reported, of the loop or a worker, is 99.
sub wait_end {
    my ($self) = @_;
    wait_for(sub { $self->ended }, 'the daemon to end');
    if ($self->reported) {
        print STDERR $self->log;
        return 99;
    }
    return $self->{status} & 127 ? 128 + ($self->{status} & 127) : $self->{status} >> 8;
}

sub stop {
    my ($self, $signal) = @_;
    kill($signal || 'TERM', $self->{pid}) unless $self->ended;
    return $self->wait_end;
}

# Process ids of the workers that live now.
sub workers {
    my ($self) = @_;
    open(my $fh, '<', "/proc/$self->{pid}/task/$self->{pid}/children") or return ();
    return split ' ', scalar(<$fh>) // '';
}

sub descriptors { return scalar(my @fds = glob("/proc/$_[1]/fd/*")) }

sub DESTROY {
    my ($self) = @_;
    local $?;
    return if $self->ended;
    kill('KILL', $self->{pid});
    waitpid($self->{pid}, 0);
}

# An index of these lines of NDJSON, as "$dir/index" in a directory of its own that goes when $dir does.
sub index_of {
    my (@lines) = @_;
    my $dir = File::Temp->newdir;
    open(my $fh, '>', "$dir/in.ndjson") or die "$dir: $!\n";
    print $fh @lines;
    CORE::close($fh) or die "$dir: $!\n";
    system("$B/weft-indexer build -i $dir/index $dir/in.ndjson >$dir/out 2>&1") == 0 or die 'build: ' . `cat $dir/out`;
    return $dir;
}

# Add lines of NDJSON to such an index.
sub add_to {
    my ($dir, @lines) = @_;
    open(my $fh, '>', "$dir/more.ndjson") or die "$dir: $!\n";
    print $fh @lines;
    CORE::close($fh) or die "$dir: $!\n";
    system("$B/weft-indexer add -i $dir/index $dir/more.ndjson >$dir/out 2>&1") == 0 or die 'add: ' . `cat $dir/out`;
}

# The index of a random archive: every second one comes in random order, half of it by a build and the rest by an addition, so
# that orphans find their parents, and headlines and parents arrive late.
sub index_in_parts {
    my ($seed, @lines) = @_;
    return index_of(@lines) if $seed % 2;
    @lines = map { $_->[1] } sort { $a->[0] <=> $b->[0] } map { [rand, $_] } @lines;
    my $dir = index_of(splice @lines, 0, @lines / 2 + 1);
    add_to($dir, @lines) if @lines;
    return $dir;
}

# The reply line to each request line, of one weft-searchd over a pipe; fewer when it ends early. Requests go in portions
# smaller than what it reads ahead.
sub ask_pipe {
    my ($dir, @requests) = @_;
    my $pid = open2(my $out, my $in, "$B/weft-searchd", '--stdio', '-i', "$dir/index", '--log-level', 'error');
    my @replies;
    while (my @some = splice @requests, 0, 40) {
        print $in map { "$_\n" } @some;
        $in->flush;
        push @replies, grep { defined } map { scalar <$out> } @some;
    }
    CORE::close($in);
    waitpid $pid, 0;
    die "weft-searchd --stdio ended with status $?\n" if $?;
    return @replies;
}

# A function that sends one request line to such a weft-searchd of its own and returns the decoded reply; without a line it ends it.
sub pipe_to {
    my ($dir) = @_;
    my $pid = open2(my $out, my $in, "$B/weft-searchd", '--stdio', '-i', "$dir/index", '--log-level', 'error');
    $in->autoflush;
    return sub {
        my ($line) = @_;
        if (defined $line) {
            print $in "$line\n";
            return JSON::PP->new->utf8->decode(scalar <$out> // die "weft-searchd --stdio ended\n");
        }
        CORE::close($in);
        waitpid $pid, 0;
        die "weft-searchd --stdio ended with status $?\n" if $?;
    };
}

# The same, decoded; a request may be an object.
sub replies_of {
    my ($dir, @requests) = @_;
    my $json = JSON::PP->new->utf8;
    return map { $json->decode($_) } ask_pipe($dir, map { ref ? $json->encode($_) : $_ } @requests);
}

package Weft::Conn;
use IO::Select ();

sub send {
    my ($self, $bytes) = @_;
    local $SIG{PIPE} = 'IGNORE';
    while (length $bytes) {
        my $n = syswrite($self->{s}, $bytes) // return 0;
        substr($bytes, 0, $n) = '';
    }
    return 1;
}

# A line without its LF; undef at the end of the stream, or when it breaks.
sub line {
    my ($self) = @_;
    while ($self->{in} !~ /\n/) {
        die "waited $Weft::GUARD s for a line\n" unless IO::Select->new($self->{s})->can_read($Weft::GUARD);
        return undef unless sysread($self->{s}, $self->{in}, 1 << 16, length $self->{in});
    }
    $self->{in} =~ s/^(.*?)\n//s;
    return $1;
}

sub reply {
    my ($self) = @_;
    my $line = $self->line // return undef;
    return JSON::PP->new->utf8->decode($line);
}

# Read until the bytes match, or the end of the stream (then false).
sub read_to {
    my ($self, $pattern) = @_;
    while ($self->{in} !~ $pattern) {
        die "waited $Weft::GUARD s for bytes\n" unless IO::Select->new($self->{s})->can_read($Weft::GUARD);
        return 0 unless sysread($self->{s}, $self->{in}, 1 << 16, length $self->{in});
    }
    return 1;
}

# One HTTP answer: {status, head, header => {lower-case name => value}, body, json}; undef at the end of the stream.
sub answer {
    my ($self, $is_head) = @_;
    $self->read_to(qr/\r\n\r\n/) or return undef;
    $self->{in} =~ s/^(.*?\r\n)\r\n//s;
    my %a = (head => $1);
    ($a{status}) = $a{head} =~ m{^HTTP/1\.1 (\d{3}) } or die "no status line: $a{head}\n";
    $a{header} = {map { /^([^:]+): (.*)$/ ? (lc $1, $2) : () } split /\r\n/, $a{head}};
    my $n = $is_head ? 0 : $a{header}{'content-length'} // 0;
    while (length $self->{in} < $n) {
        die "waited $Weft::GUARD s for a body\n" unless IO::Select->new($self->{s})->can_read($Weft::GUARD);
        return undef unless sysread($self->{s}, $self->{in}, 1 << 16, length $self->{in});
    }
    $a{body} = substr($self->{in}, 0, $n, '');
    $a{json} = JSON::PP->new->utf8->decode($a{body}) if ($a{header}{'content-type'} // '') eq 'application/json' && $n;
    return \%a;
}

# Whether the daemon closed the connection: all that still comes is read.
sub is_closed {
    my ($self) = @_;
    for (;;) {
        die "waited $Weft::GUARD s for the end\n" unless IO::Select->new($self->{s})->can_read($Weft::GUARD);
        return 1 unless sysread($self->{s}, $self->{in}, 1 << 16, length $self->{in});
    }
}

sub replies {
    my ($self, $n) = @_;
    return map { $self->reply } 1 .. $n;
}

# Whether bytes have come that were not read.
sub has_bytes { return length $_[0]{in} || IO::Select->new($_[0]{s})->can_read(0) ? 1 : 0 }

sub end_requests { return shutdown($_[0]{s}, 1) }
sub close { return CORE::close($_[0]{s}) }

1;
