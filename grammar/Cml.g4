// The text form of a graph; README.md beside this file explains it on one page.
//
// A list in brackets is one token: shapes, attribute lists and the elements of constants alike. A constant may hold
// millions of numbers, and one token costs nothing where a million cost a hundred bytes each.
grammar Cml;

file : graph* EOF ;

graph : 'quant'? 'graph' CONSTANT '(' (input (',' input)*)? ')' ('->' types)? ('attributes' attributes)? '{' statement* returning '}' ;

input : VALUE ':' type ;

statement : constant | operation ;

constant : CONSTANT ':' type '=' data ;

data : LIST                                      # listData
     | NUMBER                                    # splatData
     | 'file' '(' STRING ',' STRING ')'          # fileData
     | 'random' '(' NUMBER ')'                   # randomData
     | DENSE                                     # denseData
     ;

operation : VALUE (',' VALUE)* '=' WORD '(' operands? ')' attributes? (':' types)? ;

returning : 'return' operands? ;

operands : operand (',' operand)* ;

operand : VALUE | CONSTANT ;

types : type (',' type)* ;

type : WORD LIST ('@' scale)? ('within' NUMBER channels? reading?)? ;

// How consumers are to read the value, where that is decided: how far, with how many bits, at which scales.
reading : 'times' NUMBER ('as' WORD+)? | 'as' WORD+ ;

scale : NUMBER | channels ;

// One number for each index of an axis, in a table of f64.
channels : 'axis' NUMBER ':' CONSTANT ;

attributes : '{' (attribute (',' attribute)*)? '}' ;

attribute : name '=' literal ;

// Keywords are words where an attribute's name stands: axis = 1.
name : WORD | 'quant' | 'graph' | 'attributes' | 'file' | 'random' | 'return' | 'within' | 'times' | 'as' | 'axis' | 'true' | 'false' ;

literal : NUMBER | LIST | STRING | 'true' | 'false' ;

VALUE : '%' (NAME | STRING | [0-9]+) ;

CONSTANT : '@' (NAME | STRING) ;

NUMBER : '-'? ([0-9]+ ('.' [0-9]+)? ([eE] [-+]? [0-9]+)? | 'Infinity') | 'NaN' ;

DENSE : 'dense<sha256:' [0-9a-fA-F]* '>' ;

WORD : [A-Za-z_] [A-Za-z0-9_.]* ;

STRING : '"' (~["\\\r\n] | '\\' ["\\nrt] | '\\u{' [0-9a-fA-F]+ '}')* '"' ;

LIST : '[' ~[[\]{}()%@="]* ']' ;

COMMENT : '//' ~[\r\n]* -> skip ;

SPACE : [ \t\r\n]+ -> skip ;

// A slash or colon belongs to a name only before what continues it, so that "%x:f32[1]" and "%x // note" read as meant.
fragment NAME : [A-Za-z_] ([A-Za-z0-9_.$-] | '/' [A-Za-z0-9_.$-] | ':' [0-9])* ;
