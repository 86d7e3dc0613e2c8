using System.CommandLine;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>--data, its preprocessing and its labels, the same for every command that reads data.</summary>
internal sealed class DataArguments
{
    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DATA",
        Description = "Inputs: .npy, .npz, IDX (.gz allowed), CIFAR records, PNG/JPEG/BMP/GIF/WebP/PPM, a pattern "
            + "('photos/*.png'), a folder of images (a sub-folder per class), or raw binary with --shape",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "FILE",
        Description = "Classes of the samples: IDX, .npy, or text with one number, or name of --classes, a line; "
            + "maps or numbers where --metric takes them",
    };

    private readonly Option<string?> _classes = new("--classes")
    {
        HelpName = "FILE",
        Description = "Names of the network's classes: one a line, 'index name' lines, or JSON; else classes.txt in or beside "
            + "the data. Sub-folders are classes by it",
    };

    private readonly IReadOnlyList<Option> _own;
    private readonly SampleCounts _counts;
    private readonly Argument<string?>? _positional;
    private readonly Argument<string[]>? _files;
    private readonly Option<string?> _shape =
        new("--shape") { HelpName = "C,H,W", Description = "Shape of one sample of a raw binary file" };
    private readonly Option<string> _type = new("--dtype")
    {
        HelpName = "TYPE", Description = "Element type of a raw binary file: u8, i8, i16, i32, f32, …", DefaultValueFactory = _ => "u8",
    };
    private readonly Option<int?> _resize = new("--resize")
    {
        HelpName = "PIXELS",
        Description = "Resize images, bilinear, so that the shorter side has so many pixels; pixels of 8 bits are rounded to 8 bits again",
    };
    private readonly Option<int?> _crop = new("--crop") { HelpName = "PIXELS", Description = "Cut a square of this side from the centre" };
    private readonly Option<string?> _channels = new Option<string?>("--channels")
    {
        HelpName = "ORDER", Description = "Channels that the network takes: rgb, bgr or gray",
    }
        .From("rgb", "bgr", "gray");
    private readonly Option<bool?> _invert = new("--invert") { Description = "255 - x; --invert false undoes a stored one" };
    private readonly Option<string?> _layout = new Option<string?>("--layout")
    {
        HelpName = "ORDER", Description = "Where arrays of data keep their channels: nchw or nhwc",
    }
        .From("nchw", "nhwc");
    private readonly Option<string?> _scale = new("--scale") { HelpName = "FACTOR", Description = "Multiply every number, e.g. 1/255" };
    private readonly Option<string?> _mean =
        new("--mean") { HelpName = "M,…", Description = "Then subtract: one number, or one per channel" };
    private readonly Option<string?> _std =
        new("--std") { HelpName = "S,…", Description = "Then divide: one number, or one per channel" };

    private readonly Option<bool> _stream = new("--stream")
    {
        Description = "Samples are pieces of one recording, in order: the states that the network returns are inputs of the next piece. "
            + "They start at zero, or with what the data hold under their names",
    };

    private readonly Option<string[]> _states = new("--state")
    {
        HelpName = "OUTPUT=INPUT", DefaultValueFactory = _ => [],
        Description = "With --stream: an output that is an input of the next piece, where names and shapes do not tell; may be repeated",
    };

    private readonly Option<bool> _dropsStored = new("--no-stored-prep")
    {
        Description = "Leave out the preparation that is stored with the model; else options replace it one by one",
    };

    /// <param name="counts">How the command bounds its data.</param>
    /// <param name="positional">Also takes the place of --data; null where the command has none.</param>
    /// <param name="files">Image files and patterns of them that also take the place of --data; null where the command has none.</param>
    /// <param name="knowsStored">Whether there can be a preparation that calibration stored.</param>
    /// <param name="streams">Whether the command runs pieces of a recording one behind the other.</param>
    public DataArguments(
        Command command, SampleCounts counts, Argument<string?>? positional = null, bool knowsStored = true, bool streams = false,
        Argument<string[]>? files = null)
    {
        (_counts, _positional, _files) = (counts, positional, files);
        Option[] stored = knowsStored ? [_dropsStored] : [];
        Option[] prepare = [_resize, _crop, _channels, _invert, _layout, _scale, _mean, _std];
        Option[] stream = streams ? [_stream, _states] : [];
        _own = [_data, _labels, _classes, .. counts.Options, .. stream, _shape, _type, .. prepare, .. stored];
        foreach (var option in _own) command.Options.Add(option);
    }

    public bool IsGiven(ParseResult parsed) => Given(parsed) is not null;

    /// <exception cref="DiagnosticException">CML0807: the data is missing, or options cannot be read.</exception>
    public DataOptions Required(ParseResult parsed) =>
        parsed.GetValue(_data) is not null && Files(parsed).Length > 0
            ? throw new DiagnosticException(CliCodes.Usage, "--data and files behind the model: one of them says what is run",
                hint: "leave one of them out")
        : Given(parsed) is { } path ? At(parsed, path) with
        {
            Labels = parsed.GetValue(_labels),
            Limit = _counts.OfData(parsed),
            More = [.. Files(parsed).Skip(1)],
        }
            : throw new DiagnosticException(DataCodes.Preprocessing, "there is no data", hint: "pass --data DATA");

    /// <summary>For a command line whose input is not data: options about data would do nothing.</summary>
    /// <param name="input">The option that takes their place.</param>
    /// <exception cref="DiagnosticException">CML0940.</exception>
    public void RefuseBeside(string input, ParseResult parsed)
    {
        string[] given = [.. _own.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name), .. Files(parsed).Take(1)];
        if (given.Length > 0)
            throw new DiagnosticException(CliCodes.Usage, $"{string.Join(", ", given)}: said about data, but the input is that of {input}",
                hint: "leave it out, or pass --data");
    }

    /// <summary>What can be said about data before a model is read.</summary>
    /// <param name="isNeeded">Whether there must be data.</param>
    /// <param name="others">Paths of further data.</param>
    /// <param name="metric">What labels are for; null for classes.</param>
    public IEnumerable<Action> Checks(ParseResult parsed, bool isNeeded = true, Metric? metric = null, params IEnumerable<string> others)
    {
        if (isNeeded || IsGiven(parsed)) yield return () => Required(parsed);
        yield return () => DataFiles.Check(
            Given(parsed), parsed.GetValue(_labels), parsed.GetValue(_classes), metric is not { TakesValues: true });
        foreach (string path in others) yield return () => DataFiles.Check(path, null, null);
    }

    /// <summary>For a command line that names no data: a stream of none would say nothing.</summary>
    /// <exception cref="DiagnosticException">CML0940.</exception>
    public void RefuseStream(ParseResult parsed)
    {
        if (parsed.GetValue(_stream) || parsed.GetValue(_states)!.Length > 0)
            throw new DiagnosticException(CliCodes.Usage, "--stream and --state are about the order of data, and no data are named",
                hint: "leave them out, or pass --data");
    }

    /// <summary>The path of the data; null where none is given.</summary>
    public string? Path(ParseResult parsed) => Given(parsed);

    private string? Given(ParseResult parsed) =>
        parsed.GetValue(_data) ?? (_positional is null ? Files(parsed).FirstOrDefault() : parsed.GetValue(_positional));

    private string[] Files(ParseResult parsed) => _files is null ? [] : parsed.GetValue(_files) ?? [];

    /// <summary>Other data, read and prepared in the same way.</summary>
    public DataOptions At(ParseResult parsed, string path) => new(path)
    {
        Preprocessing = Preprocessing(parsed),
        DropsStored = DropsStored(parsed),
        Shape = parsed.GetValue(_shape) is { } shape ? Shapes.Parse(shape, "--shape") : null,
        Classes = parsed.GetValue(_classes),
        States = States(parsed),
        DType = DTypeNames.Parse(parsed.GetValue(_type)!),
    };

    /// <exception cref="DiagnosticException">CML0940.</exception>
    private IReadOnlyList<StatePair>? States(ParseResult parsed)
    {
        if (!_own.Contains(_stream)) return null;
        string[] given = parsed.GetValue(_states)!;
        if (!parsed.GetValue(_stream))
            return given.Length == 0 ? null : throw new DiagnosticException(
                CliCodes.Usage, "--state: samples have states only where they are a stream", hint: "pass --stream with it");
        return [.. given.Select(text => text.LastIndexOf('=') is > 0 and var at && at < text.Length - 1
            ? new StatePair(text[..at], text[(at + 1)..])
            : throw new DiagnosticException(CliCodes.Usage, $"--state '{text}' is no pair of an output and an input",
                hint: "e.g. --state cache_out=cache"))];
    }

    public string? Labels(ParseResult parsed) => parsed.GetValue(_labels);

    /// <summary>For a command line that measures nothing: labels and their names would do nothing.</summary>
    /// <param name="hint">How accuracy is measured.</param>
    public void WarnOfLabels(ParseResult parsed, DiagnosticBag notes, string hint)
    {
        string[] given = [.. new Option[] { _labels, _classes }.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
        if (given.Length > 0)
            notes.Warning(LibraryCodes.OptionUnused, $"{string.Join(" and ", given)}: without effect, nothing is measured", hint: hint);
    }

    public bool DropsStored(ParseResult parsed) => parsed.GetValue(_dropsStored);

    /// <summary>What the command line says; what is stored with the model holds beside it.</summary>
    public Preprocessing Preprocessing(ParseResult parsed) => new()
    {
        Resize = parsed.GetValue(_resize),
        Crop = parsed.GetValue(_crop),
        Channels = parsed.GetValue(
            _channels) switch
        {
            "rgb" => ChannelOrder.Rgb,
            "bgr" => ChannelOrder.Bgr,
            "gray" => ChannelOrder.Gray,
            _ => null,
        },
        Invert = parsed.GetValue(_invert),
        Layout = parsed.GetValue(_layout) switch { "nhwc" => DataLayout.Nhwc, "nchw" => DataLayout.Nchw, _ => null },
        Scale = parsed.GetValue(_scale) is { } scale ? ScalarText.Parse(scale) : null,
        Mean = parsed.GetValue(_mean) is { } mean ? [.. ScalarText.ParseList(mean)] : [],
        Std = parsed.GetValue(_std) is { } std ? [.. ScalarText.ParseList(std)] : [],
    };
}
