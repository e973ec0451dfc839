# Browser.pm - a headless Chromium for a test, by chromedriver (WebDriver, https://www.w3.org/TR/webdriver2/).
#
#     my $b = Browser->start or plan skip_all => 'no chromedriver';
#     $b->go('http://127.0.0.1:1234/');
#     $b->script('return document.title');
#     $b->keys($b->find('#q'), "word\x{E007}");
package Browser;
use strict;
use warnings;
use File::Temp ();
use HTTP::Tiny ();
use JSON::PP ();
use MIME::Base64 ();
use POSIX ();
use Weft;

my $json = JSON::PP->new->utf8->allow_nonref;

# Undef when there is no chromedriver or no browser. Options: width, height, dark, no_scripts.
sub start {
    my ($class, %o) = @_;
    return undef if system('command -v chromedriver >/dev/null 2>&1 && command -v chromium >/dev/null 2>&1');
    my $dir = File::Temp->newdir;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open(STDOUT, '>', "$dir/log");
        open(STDERR, '>&', \*STDOUT);
        exec('chromedriver', '--port=0') or POSIX::_exit(127);
    }
    my $self = bless {dir => $dir, pid => $pid, http => HTTP::Tiny->new(timeout => $Weft::GUARD)}, $class;
    my $port = Weft::wait_for(sub { open(my $fh, '<', "$dir/log") or return 0; local $/; (<$fh> // '') =~ /on port ([1-9]\d*)\./ ? $1 : 0 }, 'chromedriver');
    $self->{base} = "http://127.0.0.1:$port/session";
    my @args = ('--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', "--user-data-dir=$dir/profile",
        sprintf('--window-size=%d,%d', $o{width} // 1100, $o{height} // 900));
    push @args, '--blink-settings=preferredColorScheme=0' if $o{dark};
    push @args, '--blink-settings=scriptEnabled=false' if $o{no_scripts};
    my $made = $self->call('POST', '', {capabilities => {alwaysMatch => {'goog:chromeOptions' => {args => \@args}}}});
    $self->{base} .= "/$made->{sessionId}";
    return $self;
}

sub call {
    my ($self, $method, $path, $body) = @_;
    my $r = $self->{http}->request($method, $self->{base} . $path, {$body ? (content => $json->encode($body)) : (),
        headers => {'Content-Type' => 'application/json'}});
    my $value = $json->decode($r->{content})->{value};
    die "chromedriver: $method $path: $value->{message}\n" if $r->{status} != 200;
    return $value;
}

sub go { my ($self, $url) = @_; return $self->call('POST', '/url', {url => $url}) }
sub back { return $_[0]->call('POST', '/back', {}) }
sub url { return $_[0]->call('GET', '/url') }
sub script { my ($self, $code, @args) = @_; return $self->call('POST', '/execute/sync', {script => $code, args => \@args}) }
sub find { my ($self, $css) = @_; return (values %{$self->call('POST', '/element', {using => 'css selector', value => $css})})[0] }
sub click { my ($self, $css) = @_; return $self->call('POST', '/element/' . $self->find($css) . '/click', {}) }
sub text { my ($self, $css) = @_; return $self->call('GET', '/element/' . $self->find($css) . '/text') }
sub keys { my ($self, $css, $text) = @_; return $self->call('POST', '/element/' . $self->find($css) . '/value', {text => $text}) }
sub count { my ($self, $css) = @_; return scalar(@{$self->call('POST', '/elements', {using => 'css selector', value => $css})}) }
# What the page's own errors and refusals of its policy were.
sub complaints { return [grep { $_->{level} eq 'SEVERE' } @{$_[0]->call('POST', '/se/log', {type => 'browser'})}] }

# Write what is seen to a file.
sub picture {
    my ($self, $file) = @_;
    open(my $fh, '>:raw', $file) or die "$file: $!\n";
    print $fh MIME::Base64::decode_base64($self->call('GET', '/screenshot'));
    return close($fh);
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    eval { $self->call('DELETE', '') } if $self->{base} =~ m{/session/};
    kill('TERM', $self->{pid});
    waitpid($self->{pid}, 0);
}

1;
