using System.Globalization;
using System.Text.RegularExpressions;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>
/// Reads a module of one kernel, as ILGPU prints it: a directive, a parameter or whole statements on a line. Nothing is passed over: what
/// is not known is refused with its line.
/// </summary>
internal sealed partial class PtxParser
{
    private const int Dot4Since = 61;

    private readonly PtxRegisters _registers = new();
    private readonly List<PtxVariable> _parameters = [], _shared = [], _local = [];
    private readonly PtxDecoder _decoder;
    private string? _name, _version, _addressSize;
    private int _target;
    private Part _part;

    private PtxParser() => _decoder = new PtxDecoder(_registers, _parameters);

    private enum Part
    {
        Header,
        Parameters,
        Before,
        Body,
        End,
    }

    /// <exception cref="PtxFault">What is not known, with its line.</exception>
    public static PtxProgram Parse(string text)
    {
        var parser = new PtxParser();
        foreach (var (i, line) in text.Split('\n').Index())
        {
            string bare = line.Split("//")[0].Trim();
            try
            {
                if (bare.Length > 0) parser.Line(i + 1, bare);
            }
            catch (PtxFault fault)
            {
                throw new PtxFault($"{new PtxSource(i + 1, bare)}: {fault.Message}");
            }
        }
        return parser.Finish();
    }

    private PtxProgram Finish()
    {
        if (_part != Part.End || _version is null || _addressSize is null || _target == 0) throw new PtxFault("the module is not complete");
        if (_decoder.UsesDot4 && _target < Dot4Since) throw new PtxFault($"sm_{_target} has no dp4a");
        return new PtxProgram
        {
            Name = _name!, Target = _target, Parameters = _parameters, Shared = _shared, Local = _local, Code = _decoder.Finish(),
            Sources = _decoder.Sources, Slots = _registers.ToSlots(),
        };
    }

    private void Line(int number, string line)
    {
        switch (_part)
        {
            case Part.Header: Header(line); break;
            case Part.Parameters when line == ")": _part = Part.Before; break;
            case Part.Parameters: Parameter(line); break;
            case Part.Before when line == "{": _part = Part.Body; break;
            case Part.Body when line == "}": _part = Part.End; break;
            case Part.Body when Labels().Match(line) is { Success: true } label: _decoder.Label(label.Groups[1].Value); break;
            case Part.Body when line[^1] == ';':
                foreach (string statement in line[..^1].Split(';', StringSplitOptions.TrimEntries))
                {
                    if (statement.StartsWith('.')) Declaration(statement);
                    else _decoder.Decode(new(number, statement));
                }
                break;
            default: throw new PtxFault("not known here");
        }
    }

    private void Header(string line)
    {
        var match = Headers().Match(line);
        if (!match.Success) throw new PtxFault("no directive that is known");
        if (match.Groups["version"].Success) _version = match.Groups["version"].Value;
        else if (match.Groups["target"].Success) _target = Number(match.Groups["target"]);
        else if (match.Groups["size"].Success) _addressSize = match.Groups["size"].Value;
        else (_name, _part) = (match.Groups["name"].Value, Part.Parameters);
    }

    private void Parameter(string line)
    {
        var match = Parameters().Match(line);
        if (!match.Success) throw new PtxFault("no parameter that is known");
        int bits = match.Groups["bits"].Success ? Number(match.Groups["bits"]) : 8 * Number(match.Groups["bytes"]);
        Place(_parameters, match, bits / 8, match.Groups["align"].Success ? Number(match.Groups["align"]) : bits / 8);
    }

    private void Declaration(string statement)
    {
        if (Registers().Match(statement) is { Success: true } r)
        {
            _registers.Declare(r.Groups["type"].Value, r.Groups["prefix"].Value, Number(r.Groups["count"]));
            return;
        }
        var match = Arrays().Match(statement);
        if (!match.Success) throw new PtxFault("no declaration that is known");
        var among = match.Groups["space"].Value == "shared" ? _shared : _local;
        Place(among, match, Number(match.Groups["bytes"]), Number(match.Groups["align"]));
        _decoder.Address(match.Groups["name"].Value, PtxSpace.AddressOf(among.Count - 1));
    }

    private static void Place(List<PtxVariable> among, Match match, int bytes, int alignment)
    {
        if (alignment is not (1 or 2 or 4 or 8 or 16) || bytes < 1) throw new PtxFault("a size or an alignment that cannot be");
        among.Add(new(match.Groups["name"].Value, PtxVariable.Place(among, alignment), bytes, alignment));
    }

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\.version\s+(?<version>[678]\.[0-9])$|^\.target\s+sm_(?<target>[0-9]{2,3})$|^\.address_size\s+(?<size>64)$"
        + @"|^\.visible\s+\.entry\s+(?<name>\w+)\($")]
    private static partial Regex Headers();

    [GeneratedRegex(@"^\.param\s+(\.b(?<bits>8|16|32|64)\s+(?<name>\w+)"
        + @"|\.align\s+(?<align>[0-9]{1,2})\s+\.b8\s+(?<name>\w+)\[(?<bytes>[0-9]{1,6})\]),?$")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"^\.reg\s+(?<type>\.\w+)\s+(?<prefix>%[a-z]+)<(?<count>[0-9]{1,7})>$")]
    private static partial Regex Registers();

    [GeneratedRegex(@"^\.(?<space>shared|local)\s+\.align\s+(?<align>[0-9]{1,2})\s+\.b8\s+(?<name>\w+)\[(?<bytes>[0-9]{1,8})\]$")]
    private static partial Regex Arrays();

    [GeneratedRegex(@"^(\w+):$")]
    private static partial Regex Labels();
}
