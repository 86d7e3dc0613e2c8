using System.Globalization;
using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>Builds one graph from its syntax tree: scale tables first, then inputs and statements in the order of the text.</summary>
internal sealed class GraphReader(TextSource source, CmlParser.GraphContext syntax, string name)
{
    private readonly Dictionary<string, double[]> _tables = new(StringComparer.Ordinal);
    private readonly GraphScope _scope = new(source);
    private readonly AttributeReader _attributes = new(source);

    /// <summary>The graph; half of one where <see cref="TextSource.Problems"/> has new errors.</summary>
    public Graph Read()
    {
        int problems = source.Problems.Items.Count;
        var build = new GraphBuilder(name, LevelOf());
        foreach (var statement in syntax.statement())
            if (statement.constant() is { } constant && IsTable(constant)) ReadTable(constant);
        var types = new TypeReader(source, _tables);
        foreach (var input in syntax.input()) ReadInput(build, types, input);
        var operations = new OperationReader(source, build, _scope, types, _attributes);
        var constants = new ConstantReader(source);
        foreach (var statement in syntax.statement())
        {
            if (statement.operation() is { } operation) operations.Read(operation);
            else if (!IsTable(statement.constant())) ReadConstant(build, types, constants, statement.constant());
        }
        if (_attributes.Read(syntax.attributes(), spec: null) is { } attributes) build.SetAttributes(attributes);
        ReadOutputs(build, types);
        var graph = build.Build();
        if (source.Options.Notes is { } notes && source.Problems.Items.Count == problems) TellUnused(notes);
        if (source.Options.Verify && source.Problems.Items.Count == problems) source.Problems.AddRange(Verifier.Check(graph).Items);
        return graph;
    }

    /// <summary>Inputs and constants that nothing reads: somebody meant to use them.</summary>
    private void TellUnused(DiagnosticBag notes)
    {
        var tokens = syntax.input().Select(i => (i.VALUE().Symbol, What: "input"))
            .Concat(syntax.statement().Select(s => s.constant()).Where(c => c is not null && !IsTable(c))
                .Select(c => (c.CONSTANT().Symbol, What: "constant")));
        foreach (var (token, what) in tokens)
        {
            if (_scope.Find(token) is not { Uses.Count: 0 }) continue;
            string message = $"{what} {source.NameOf(token)} is not used";
            notes.Add(new Diagnostic(DiagnosticCodes.Unused, Severity.Warning, message, source.At(token))
            {
                Excerpt = source.Excerpt(token),
            });
        }
    }

    /// <summary>
    /// The quant level says so; else the elements tell: of the first input, or of the first constant where there is none.
    /// </summary>
    private Level LevelOf()
    {
        if (syntax.children[0].GetText() == "quant") return Level.Quant;
        var first = syntax.input().Select(i => i.type())
            .Concat(syntax.statement().Select(s => s.constant()?.type()).OfType<CmlParser.TypeContext>())
            .FirstOrDefault(t => t.WORD().GetText() != TypeReader.TableElement);
        return first is null || first.WORD().GetText() == "f32" ? Level.Float : Level.Cvm;
    }

    private static bool IsTable(CmlParser.ConstantContext constant) => constant.type().WORD().GetText() == TypeReader.TableElement;

    private void ReadTable(CmlParser.ConstantContext constant)
    {
        var table = source.NameOf(constant.CONSTANT().Symbol);
        if (!_scope.DeclareTable(constant.CONSTANT().Symbol)) return;
        _tables[table.Name] = [];
        var list = constant.type().LIST().Symbol;
        if (new TypeReader(source, _tables).Shape(list) is not { } shape) return;
        if (shape.Rank != 1)
            source.Error(DiagnosticCodes.TypeMismatch, list, $"scale table {table} has shape {shape}; a table has one dimension");
        else if (source.Reserve(shape.Count * sizeof(double), list, $"a table f64{shape}")
            && Scales(constant.data(), (int)shape.Count) is { } scales) _tables[table.Name] = scales;
    }

    private double[]? Scales(CmlParser.DataContext data, int count)
    {
        double[]? scales = data switch
        {
            CmlParser.ListDataContext list => new ListText(source, list.Start).Doubles(),
            CmlParser.SplatDataContext splat =>
                [.. Enumerable.Repeat(double.Parse(source.TextOf(splat.Start), NumberStyles.Float, CultureInfo.InvariantCulture), count)],
            _ => [],
        };
        if (scales is null) return null;
        if (scales.Length == count && Array.TrueForAll(scales, s => double.IsFinite(s) && s > 0)) return scales;
        source.Error(DiagnosticCodes.UnsupportedLiteral, data.Start,
            $"a scale table lists {Counted.Of(count, "positive, finite number")} here");
        return null;
    }

    private void ReadInput(GraphBuilder build, TypeReader types, CmlParser.InputContext input)
    {
        var token = input.VALUE().Symbol;
        var value = types.Read(input.type()) is { } type && _scope.IsFree(source.NameOf(token))
            ? build.Input(source.NameOf(token).Name, type)
            : null;
        _scope.Declare(token, value);
    }

    private void ReadConstant(GraphBuilder build, TypeReader types, ConstantReader constants, CmlParser.ConstantContext constant)
    {
        var token = constant.CONSTANT().Symbol;
        var name = source.NameOf(token);
        var value = types.Read(constant.type()) is { } type && _scope.IsFree(name)
            && constants.Read(name.Name, constant.data(), type) is { } data
            ? build.Constant(name.Name, data, type, source.At(token)) : null;
        _scope.Declare(token, value);
    }

    private void ReadOutputs(GraphBuilder build, TypeReader types)
    {
        var returned = syntax.returning().operands()?.operand() ?? [];
        var declared = syntax.types()?.type();
        if (declared is not null && declared.Length != returned.Length)
            source.Error(DiagnosticCodes.OperandCount, syntax.returning().Start,
                $"{Counted.Of(returned.Length, "value is", "values are")} returned, the graph declares {Numbers.Format(declared.Length)}");
        for (int i = 0; i < returned.Length; i++)
        {
            if (_scope.Find(returned[i].Start) is not { } value) continue;
            build.Output(value);
            if (i < declared?.Length && types.Read(declared[i]) is { } type) Agree(build, value, type, declared[i].Start);
        }
    }

    /// <summary>
    /// The graph's result type: element and shape of the returned value; scale and threshold are its own, or given here for it.
    /// </summary>
    private void Agree(GraphBuilder build, Value value, TensorType declared, IToken at)
    {
        bool scaleAgrees = value.Type.Scale is null || declared.Scale is null || value.Type.Scale.Equals(declared.Scale);
        bool thresholdAgrees = value.Type.Threshold is null || declared.Threshold is null || value.Type.Threshold == declared.Threshold;
        bool channelsAgree = value.Type.Channels is null || declared.Channels is null || value.Type.Channels.Equals(declared.Channels);
        if (declared.Fits(value.Type) && scaleAgrees && thresholdAgrees && channelsAgree)
            build.SetType(value, value.Type with
            {
                Scale = value.Type.Scale ?? declared.Scale,
                Threshold = value.Type.Threshold ?? declared.Threshold,
                Channels = value.Type.Channels ?? declared.Channels,
            });
        else
            source.Error(DiagnosticCodes.TypeMismatch, at, $"the graph declares {declared}, the returned value is {value.Type}");
    }
}
