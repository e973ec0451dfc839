#!/usr/bin/env ruby
# search.rb - ask weft-searchd without a library: ruby search.rb SOCKET|http://HOST:PORT WORDS...
# SPDX-License-Identifier: GPL-3.0-or-later
require 'json'
require 'net/http'
require 'socket'
Encoding.default_external = Encoding::UTF_8

def ask_lines(path, query)
  UNIXSocket.open(path) do |s|
    s.puts JSON.generate(cmd: 'search', q: query, limit: 5)
    abort 'search.rb: no answer: timeout' unless s.wait_readable(5)
    s.gets
  end
end

def ask_http(url, query)
  uri = URI("#{url}/v1/search?#{URI.encode_www_form(q: query, limit: 5)}")
  http = Net::HTTP.new(uri.host, uri.port)
  http.open_timeout = http.read_timeout = 5
  http.get(uri.request_uri).body # of an error too: it is the same object
end

address, *words = ARGV.map { |a| a.dup.force_encoding('UTF-8') }
begin
  answer = address.to_s.start_with?('http://') ? ask_http(address, words.join(' ')) : ask_lines(address, words.join(' '))
  reply = JSON.parse(answer.to_s.force_encoding('UTF-8'))
rescue SystemCallError, SocketError, IOError, Timeout::Error, TypeError, JSON::ParserError => e
  abort "search.rb: no answer: #{e.message}"
end
abort "search.rb: #{reply['error']['code']}: #{reply['error']['message']}" unless reply['ok']
reply['hits'].each do |hit|
  article = hit['article'] || hit # a hit that is an article has its headline itself
  puts article['title'] || article['ref']
  puts "  #{hit['author'] || 'no name'}: #{hit['snippet']['text']}"
end
