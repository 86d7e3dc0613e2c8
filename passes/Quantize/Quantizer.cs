using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Ops;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Weights;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

/// <summary>
/// The graph while it turns from float to integers: new operations are appended behind the float ones, which are erased at the end. A
/// float value is represented by its raw integers (whatever its operator produced) and by requantized forms of them, made on demand and
/// shared.
/// </summary>
internal sealed class Quantizer(PassContext context, Demands demands)
{
    /// <summary>Stem of the names of constants that belong to an unnamed value: <c>v3.multiplier</c>.</summary>
    private const string NumberPrefix = "v";

    private readonly Names _names = Names.Of(context.Rewriter.Graph);
    private readonly Dictionary<Value, Value> _raw = [];
    private readonly Dictionary<(Value, Demand), Value> _requantized = [];
    private readonly Dictionary<Value, Snapped> _snapped = [];
    private readonly Dictionary<Operation, LayerRounding> _roundings = [];
    private SourceLocation _location = SourceLocation.Unknown;

    public Demands Demands { get; } = demands;

    /// <summary>High and low parts of wide data, made once for all layers that read them.</summary>
    public Dictionary<Value, (Value High, Value Low)> Parts { get; } = [];

    public QuantizeSettings Settings => Demands.Settings;

    /// <summary>Ranges of the integer values so far; inputs are within ±α of their precision.</summary>
    public Intervals Ranges { get; } = new();

    /// <summary>A float value's name; of one without, <c>v</c> and its number.</summary>
    public string Name(Value floats) => floats.Name ?? NumberPrefix + _names[floats];

    /// <summary>What a layer reads on average, of each channel; null where that is not known, or not wanted.</summary>
    public IReadOnlyList<double>? Means(Operation layer) =>
        Settings.CorrectsBiases ? context.Services.Results.Get<LayerData>()?.Means(layer, _names) : null;

    /// <summary>Layers some of whose weights are not the nearest integers.</summary>
    public IReadOnlyCollection<Operation> RoundedByData => [.. _roundings.Where(r => r.Value.Rounded is not null).Select(r => r.Key)];

    /// <param name="scale">Of the layer's data.</param>
    /// <returns>Null for each weight to the nearest integer.</returns>
    public LayerRounding? RoundingOf(Operation layer, Scale scale, int channels)
    {
        if (!Settings.RoundsByData || context.Services.Results.Get<LayerData>() is not { } data) return null;
        var (moments, noted) = (data.Moments(layer, _names), data.Rounded(layer, _names));
        if (moments is null && noted is null) return null;
        return _roundings[layer] = new LayerRounding(moments, noted, [.. Enumerable.Range(0, channels).Select(c => scale.At(c))]);
    }

    /// <summary>The calibration file gets what became of the weights, so that it alone gives the same.</summary>
    public void NoteRoundings()
    {
        int lost = _roundings.Values.Count(r => r.IsLost);
        if (lost > 0)
            context.Diagnostics.Note(QuantizeCodes.NotRounded,
                $"{Counted.Part(lost, _roundings.Count, "layer", "has", "have")} other integers than when the calibration file was made:"
                + " each weight is the nearest", hint: "calibrate again with --data");
        if (context.Services.Results.Get<CalibrationFile>() is not { } file) return;
        var rounded = _roundings.ToDictionary(r => _names[r.Key.Result], r => r.Value.Rounded, StringComparer.Ordinal);
        context.Services.Results.Set(
            file with { Layers = [.. file.Layers.Select(l => l with { Rounded = rounded.GetValueOrDefault(l.Layer) })] });
    }

    /// <summary>From now on these integers stand for the float value, and have its name where they have none.</summary>
    public void Define(Value floats, Value integers)
    {
        _raw[floats] = integers;
        Inherit(floats.Provenance, integers);
        if (integers is { Name: null, IsConstant: false } && floats.Name is { } name) context.Rewriter.SetName(integers, name);
    }

    /// <summary>The value as the graph returns it; what the user looks for by the value's name is this form of it.</summary>
    public Value Output(Value floats, Demand demand)
    {
        var form = At(floats, demand);
        if (form.IsInput || form.IsConstant || floats.Name is not { } name || form.Name == name) return form;
        if (Raw(floats) is { IsInput: false } raw && raw.Name == name) context.Rewriter.SetName(raw, null);
        context.Rewriter.SetName(form, name);
        return form;
    }

    /// <summary>Emits the integers of one float operation.</summary>
    /// <exception cref="DiagnosticException">CML0531: they would go beyond the CVM's limits of shapes and precisions.</exception>
    public void Lower(Operation operation, LoweringRule rule)
    {
        _location = operation.Location;
        try
        {
            Define(operation.Result, rule.Lower(operation, this));
        }
        catch (RuleException error)
        {
            throw new DiagnosticException(QuantizeCodes.Unsupported,
                $"{operation.Spec.Name} %{Name(operation.Result)}: the CVM cannot hold it: {error.Message}",
                operation.Location, error.Hint);
        }
    }

    public Value Raw(Value floats) => _raw[floats];

    /// <summary>The value in exactly this precision (or less) and scale.</summary>
    public Value At(Value floats, Demand demand)
    {
        if (floats.Constant is { } constant) return Quantized(Name(floats), constant, demand);
        return Requantized(_raw[floats], demand);
    }

    /// <summary>
    /// The value in whatever scale it has, where that takes no more precision than wanted; else at the demand. For consumers that can
    /// work at any scale.
    /// </summary>
    public Value Within(Value floats, Demand demand)
    {
        bool asItIs = _raw.TryGetValue(floats, out var raw)
            && raw.Type.Scale is { IsPerChannel: false } && raw.Type.Precision <= demand.Precision && !_snapped.ContainsKey(raw);
        return asItIs ? raw! : At(floats, demand);
    }

    /// <summary>Integers brought to a demand: the snap's exact multiplier where it was made for it, else a ratio of scales.</summary>
    public Value Requantized(Value integers, Demand demand)
    {
        if (_requantized.TryGetValue((integers, demand), out var known)) return known;
        var form = Form(integers, demand);
        Inherit(integers.Provenance, form);
        return _requantized[(integers, demand)] = form;
    }

    private Value Form(Value integers, Demand demand)
    {
        if (_snapped.TryGetValue(integers, out var snapped))
        {
            if (snapped.Target != demand) return Requantized(Requantized(integers, snapped.Target), demand);
            return Emit(
                Quant.Requantize, [integers, snapped.Multiplier], Attributes.Of(("precision", demand.Precision), ("shift", snapped.Shift)),
                demand.Units);
        }
        bool fits = integers.Type.Scale!.Equals(demand.Units) && integers.Type.Precision <= demand.Precision;
        if (fits) return integers;
        return Emit(Quant.Requantize, [integers], Attributes.Of(("precision", demand.Precision)), demand.Units);
    }

    private void Inherit(Provenance? provenance, Value integers)
    {
        if (provenance is null || integers.IsInput || integers.IsConstant || integers.Provenance is not null) return;
        context.Rewriter.SetProvenance(integers, provenance with { Scale = integers.Type.Scale });
    }

    /// <summary>Notes that these integers, and only they, reach <see cref="Snapped.Target"/> exactly by multiplier and shift.</summary>
    public Value WithSnap(Value integers, Snapped snapped)
    {
        _snapped[integers] = snapped;
        return integers;
    }

    public Snapped? SnapOf(Value integers) => _snapped.GetValueOrDefault(integers);

    /// <summary>A homogeneous row of one operand, applied to raw integers: scale and snap carry over.</summary>
    /// <exception cref="ArgumentException">The row does not commute with positive factors.</exception>
    public Value EmitThrough(OpSpec spec, Value integers)
    {
        if (!spec.Is(OpTraits.Homogeneous)) throw new ArgumentException($"{spec.Name} does not commute with scales", nameof(spec));
        var result = Emit(spec, [integers], null, integers.Type.Scale!);
        return _snapped.TryGetValue(integers, out var snapped) ? WithSnap(result, snapped) : result;
    }

    public Value Emit(OpSpec spec, IReadOnlyList<Value> operands, Attributes? attributes, Scale scale) =>
        EmitAll(spec, operands, attributes, scale)[0];

    /// <summary>An operation of as many results as scales; all of them.</summary>
    public IReadOnlyList<Value> EmitAll(OpSpec spec, IReadOnlyList<Value> operands, Attributes? attributes, params Scale[] scales)
    {
        var operation = context.Rewriter.Insert(null, spec, operands, attributes, _location);
        foreach (var (result, scale) in operation.Results.Zip(scales)) context.Rewriter.SetType(result, result.Type with { Scale = scale });
        return operation.Results;
    }

    /// <summary>Tells the user, at the operation that is being lowered, what its integers do otherwise.</summary>
    public void Warn(string code, string message, string hint) => context.Diagnostics.Warning(code, message, _location, hint);

    /// <summary>An integer constant of the smallest precision, at least 2, that holds its values.</summary>
    public Value Constant(string name, Tensor<int> tensor, Scale? scale = null)
    {
        var (least, greatest) = new ConstantData(tensor).Range;
        int precision = Math.Max(2, Precisions.Of(Math.Max(-(long)least, greatest)));
        return context.Rewriter.InsertConstant(null, name, tensor, TensorType.Integer(precision, tensor.Shape, scale), _location);
    }

    /// <summary>A value of rank 0 is [1] in the CVM, whose tensors have at least one dimension.</summary>
    public static Shape WithDimension(Shape shape) => shape.Rank == 0 ? Shape.Of(1) : shape;

    /// <summary>A float constant at a demand's scales, saturated at its precision: floor(v·s + 0.5).</summary>
    private Value Quantized(string name, ConstantData constant, Demand demand)
    {
        long bound = Precisions.Bound(demand.Precision);
        var floats = constant.Floats;
        var data = new int[floats.Length];
        var shape = WithDimension(constant.Tensor.Shape);
        int inner = demand.Units.Axis is { } axis ? (int)Shape.Of(shape.Skip(axis + 1)).Count : data.Length;
        for (int i = 0; i < data.Length; i++)
            data[i] = Rounding.Clamped(floats[i] * demand.Units.At(demand.Units.Axis is { } a ? i / inner % shape[a] : 0), bound);
        return Constant(name, Tensor.Create(shape, data), demand.Units);
    }
}
