using System.Globalization;
using System.Text;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Symbols of detectors after GluonCV's operators, and the constants that their generators of anchors make.</summary>
internal static class DetectorFiles
{
    private static readonly int[] s_strides = [32, 16, 8];

    /// <summary>Widths and heights of the three anchors of each head, in pixels of an image of 128.</summary>
    private static readonly float[][] s_anchors = [[29, 22, 39, 50, 93, 82], [8, 15, 16, 11, 15, 30], [3, 3, 4, 8, 8, 6]];

    /// <summary>A YOLO3 of five layers and three heads, for images of up to 512 pixels; trained weights are left to be made up.</summary>
    /// <returns>The paths of symbol and parameters.</returns>
    public static (string Symbol, string Parameters) Yolo(TemporaryFolder folder, int classes)
    {
        var symbol = new SymbolBuilder();
        string data = symbol.Add("null", "data", []);
        string[] features = Backbone(symbol, data);
        string[] heads = [.. features.Select((f, k) => Head(symbol, k, f, classes))];
        string all = symbol.Add("Concat", "all", heads, ("dim", "1"));
        string kept = symbol.Add("_contrib_box_nms", "kept", [all],
            ("overlap_thresh", "0.45"), ("valid_thresh", "0.01"), ("topk", "400"),
            ("id_index", "0"), ("score_index", "1"), ("coord_start", "2"));
        string top = symbol.Add("slice_axis", "top", [kept], ("axis", "1"), ("begin", "0"), ("end", "100"));
        foreach (var (name, begin, end) in new[] { ("ids", "0", "1"), ("scores", "1", "2"), ("boxes", "2", "6") })
            symbol.Return(symbol.Add("slice_axis", name, [top], ("axis", "2"), ("begin", begin), ("end", end)));
        var parameters = new ParamsBytes();
        for (int k = 0; k < s_strides.Length; k++)
        {
            float[] cells =
                [.. from y in Enumerable.Range(0, 16) from x in Enumerable.Range(0, 16) from v in new[] { x, y } select (float)v];
            parameters.Add($"head{k}.offsets", [1, 1, 16, 16, 2], cells).Add($"head{k}.anchors", [1, 1, 3, 2], s_anchors[k]);
        }
        return (folder.Write("yolo-symbol.json", Encoding.UTF8.GetBytes(symbol.ToJson())), folder.Write("yolo.params", parameters.Build()));
    }

    /// <summary>The first form of SSD, of one layer and one head, whose suppression is _contrib_MultiBoxDetection.</summary>
    public static string Ssd(TemporaryFolder folder, int classes)
    {
        var symbol = new SymbolBuilder();
        string data = symbol.Add("null", "data", []);
        string feature = symbol.Add("Activation", "act", [symbol.Layer("layer", data, 8, kernel: 3, stride: 8)], ("act_type", "relu"));
        string scores = Lined("classes", symbol.Layer("classes", feature, 3 * (classes + 1), kernel: 3, stride: 1));
        scores = symbol.Add("Reshape", "by_anchor", [scores], ("shape", $"(0, -1, {Number(classes + 1)})"));
        scores = symbol.Add("transpose", "by_class",
            [symbol.Add("softmax", "shares", [scores], ("axis", "-1"))], ("axes", "(0, 2, 1)"));
        string offsets = symbol.Add("Flatten", "offsets", [Lined("moves", symbol.Layer("moves", feature, 12, kernel: 3, stride: 1))]);
        string anchors = symbol.Add("_contrib_MultiBoxPrior", "anchors", [feature], ("sizes", "(0.3, 0.2)"), ("ratios", "(1, 2)"));
        symbol.Return(symbol.Add("_contrib_MultiBoxDetection", "found", [scores, offsets, anchors],
            ("nms_threshold", "0.45"), ("threshold", "0.3")));
        return folder.Write("ssd-symbol.json", Encoding.UTF8.GetBytes(symbol.ToJson()));

        string Lined(string name, string value) => symbol.Add("transpose", $"{name}.last", [value], ("axes", "(0, 2, 3, 1)"));
    }

    /// <summary>Anchors of GluonCV's SSD of 512 pixels with ResNet-50, middle, width and height, and nothing else.</summary>
    public static byte[] SsdAnchors()
    {
        double[] sizes = [51.2, 102.4, 189.4, 276.4, 363.52, 450.6, 492];
        int[] cells = [128, 64, 32, 16, 16, 16];
        var parameters = new ParamsBytes();
        for (int k = 0; k < cells.Length; k++)
        {
            double[] ratios = k is 0 or 4 or 5 ? [1, 2, 0.5] : [1, 2, 0.5, 3, 1.0 / 3];
            (double Size, double Ratio)[] shapes =
                [(sizes[k], ratios[0]), (Math.Sqrt(sizes[k] * sizes[k + 1]), ratios[0]), .. ratios.Skip(1).Select(r => (sizes[k], r))];
            int count = cells[k], step = 16 << k;
            float[] anchors =
            [
                .. from y in Enumerable.Range(0, count)
                   from x in Enumerable.Range(0, count)
                   from shape in shapes
                   let root = Math.Sqrt(shape.Ratio)
                   from v in new[] { (x + 0.5) * step, (y + 0.5) * step, shape.Size * root, shape.Size / root }
                   select (float)v,
            ];
            parameters.Add($"ssd0_ssdanchorgenerator{k}_anchor_{k}", [1, 1, count, count, 4 * shapes.Length], anchors);
        }
        return parameters.Build();
    }

    private static string[] Backbone(SymbolBuilder symbol, string data)
    {
        var features = new List<string>();
        string value = data;
        foreach (var (k, channels) in new[] { 8, 16, 16, 24, 24 }.Index())
        {
            string convolution = symbol.Layer($"layer{k}", value, channels, kernel: 3, stride: 2);
            value = symbol.Add("LeakyReLU", $"act{k}", [convolution], ("act_type", "leaky"), ("slope", "0.1"));
            if (k >= 2) features.Insert(0, value);
        }
        return [.. features];
    }

    private static string Head(SymbolBuilder symbol, int k, string feature, int classes)
    {
        string name = $"head{k}", width = Number(5 + classes);
        string Op(string op, string step, string[] inputs, params (string, string)[] attributes) =>
            symbol.Add(op, $"{name}.{step}", inputs, attributes);
        string Part(string step, string of, int begin, string end) =>
            Op("slice_axis", step, [of], ("axis", "-1"), ("begin", Number(begin)), ("end", end));

        string predicted = symbol.Layer($"{name}.predicted", feature, 3 * (5 + classes), kernel: 1, stride: 1);
        string rows = Op("transpose", "rows", [Op("Reshape", "flat", [predicted], ("shape", $"(0, {Number(3 * (5 + classes))}, -1)"))],
            ("axes", "(0, 2, 1)"));
        string all = Op("Reshape", "all", [rows], ("shape", $"(0, -1, 3, {width})"));
        string middles = Part("middles", all, 0, "2"), lengths = Part("lengths", all, 2, "4"), thing = Part("thing", all, 4, "5");
        string offsets = Op("slice_like", "cells",
            [symbol.Add("null", $"{name}.offsets", []), Op("_mul_scalar", "nothing", [feature], ("scalar", "0"))], ("axes", "(2, 3)"));
        string at = Op("broadcast_add", "at",
            [Op("sigmoid", "within", [middles]), Op("Reshape", "grid", [offsets], ("shape", "(1, -1, 1, 2)"))]);
        string center = Op("_mul_scalar", "center", [at], ("scalar", Number(s_strides[k])));
        string size = Op("broadcast_mul", "size", [Op("exp", "growth", [lengths]), symbol.Add("null", $"{name}.anchors", [])]);
        string half = Op("_div_scalar", "half", [size], ("scalar", "2.0"));
        string box = Op("Concat", "box",
            [Op("elemwise_sub", "from", [center, half]), Op("elemwise_add", "to", [center, half])], ("dim", "-1"));
        string boxes = Op("tile", "boxes", [box], ("reps", $"({Number(classes)}, 1, 1, 1, 1)"));
        string shares = Op("broadcast_mul", "shares",
            [Op("sigmoid", "class", [Part("classes", all, 5, "None")]), Op("sigmoid", "is", [thing])]);
        string scores = Op("expand_dims", "scores", [Op("transpose", "by_class", [shares], ("axes", "(3, 0, 1, 2)"))], ("axis", "-1"));
        string numbers = Op("Reshape", "numbers", [Op("_arange", "range", [], ("start", "0"), ("stop", Number(classes)))],
            ("shape", "(0, 1, 1, 1, 1)"));
        string ids = Op("broadcast_add", "ids", [Op("_mul_scalar", "zeros", [scores], ("scalar", "0")), numbers]);
        string joined = Op("Concat", "joined", [ids, scores, boxes], ("dim", "-1"));
        return Op("Reshape", "detections", [Op("transpose", "by_box", [joined], ("axes", "(1, 2, 3, 0, 4)"))], ("shape", "(0, -1, 6)"));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Nodes of a symbol, by name.</summary>
    private sealed class SymbolBuilder
    {
        private readonly List<string> _nodes = [], _heads = [];
        private readonly Dictionary<string, int> _places = [];
        private readonly List<int> _variables = [];

        public string Add(string op, string name, string[] inputs, params (string Name, string Value)[] attributes)
        {
            if (op == "null") _variables.Add(_nodes.Count);
            string sources = string.Join(", ", inputs.Select(i => $"[{_places[i]}, 0, 0]"));
            string values = string.Join(", ", attributes.Select(a => $"\"{a.Name}\": \"{a.Value}\""));
            _places[name] = _nodes.Count;
            _nodes.Add($$"""{"op": "{{op}}", "name": "{{name}}", "attrs": { {{values}} }, "inputs": [{{sources}}] }""");
            return name;
        }

        public string Layer(string name, string data, int channels, int kernel, int stride)
        {
            string weight = Add("null", $"{name}_weight", []), bias = Add("null", $"{name}_bias", []), around = Number(kernel / 2);
            return Add("Convolution", name, [data, weight, bias], ("num_filter", Number(channels)), ("kernel", $"({kernel}, {kernel})"),
                ("stride", $"({stride}, {stride})"), ("pad", $"({around}, {around})"));
        }

        public void Return(string name) => _heads.Add($"[{_places[name]}, 0, 0]");

        public string ToJson() => $$"""
            {"nodes": [{{string.Join(",\n", _nodes)}}], "arg_nodes": [{{string.Join(", ", _variables)}}],
             "heads": [{{string.Join(", ", _heads)}}], "attrs": {"mxnet_version": ["int", 10600] } }
            """;
    }
}
